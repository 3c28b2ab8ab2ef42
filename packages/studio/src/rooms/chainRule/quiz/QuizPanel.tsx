import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useId, useMemo, useRef } from "preact/hooks";
import { Button, Formula } from "../../../design/index.ts";
import type { Lesson } from "../lesson.ts";
import { judge, LONGEST_ANSWER, type Verdict } from "./judge.ts";
import { questionsOf } from "./questions.ts";

/** What the quiz takes. */
export interface QuizProps {
  readonly lesson: Lesson;
  /** Position of the question, from 0. */
  readonly question: number;
  readonly onQuestion: (question: number) => void;
}

/** Hides a derivative, reads an answer, and says which factor is wrong. */
export function QuizPanel({ lesson, question, onQuestion }: QuizProps): JSX.Element {
  const id = useId();
  const all = useMemo(() => questionsOf(lesson), [lesson]);
  const at = question % Math.max(1, all.length);
  const asked = all[at];
  const typed = useSignal("");
  const verdict = useSignal<Verdict | undefined>(undefined);
  const right = useSignal<ReadonlySet<string>>(new Set());
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    typed.value = "";
    verdict.value = undefined;
  }, [asked?.of, asked?.by]);
  if (asked === undefined) return <p class="quiet-text">There is no derivative to ask for.</p>;
  const known = lesson.walk.backward.at(1)?.quantity.name;
  const next = (): void => {
    onQuestion((at + 1) % all.length);
    field.current?.focus();
  };
  const answer = (): void => {
    if (verdict.value?.kind === "right") {
      next();
      return;
    }
    const found = judge(lesson, asked, typed.value);
    verdict.value = found;
    if (found.kind === "right") right.value = new Set([...right.value, `${asked.of}/${asked.by}`]);
  };
  return (
    <form
      class="quiz"
      onSubmit={(event) => {
        event.preventDefault();
        answer();
      }}
    >
      <label for={id} class="asked">
        <Formula latex={`\\displaystyle ${asked.symbol} = \\;?`} />
        <span class="hidden-text">
          What is ∂{asked.of}/∂{asked.by}?
        </span>
      </label>
      <div class="row answer">
        <input
          id={id}
          ref={field}
          class="input"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={LONGEST_ANSWER}
          placeholder="an expression or a number"
          aria-describedby={`${id}-verdict`}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            verdict.value = undefined;
          }}
        />
        <Button kind="primary" onClick={answer}>
          {verdict.value?.kind === "right" ? "Next" : "Check"}
        </Button>
        <Button onClick={next}>Another one</Button>
      </div>
      <div id={`${id}-verdict`} role="status" class="verdict">
        {verdict.value === undefined ? undefined : <Words verdict={verdict.value} />}
      </div>
      <p class="quiet-text">
        Question {at + 1} of {all.length}, {right.value.size} answered. Use any name of the graph,
        {known === undefined ? " " : ` also derivatives such as d${asked.of}/d${known}, `}
        in any form, or give the number.
      </p>
    </form>
  );
}

function Words({ verdict }: { readonly verdict: Verdict }): JSX.Element {
  switch (verdict.kind) {
    case "unreadable":
      return <p class="problem">{verdict.message}</p>;
    case "right":
      return <p class="right">Right: {verdict.expected}.</p>;
    case "wrong":
      return (
        <div class="wrong">
          {verdict.mistakes.length === 0 ? (
            <p>Not yet, and no known slip leads there. Look at the arrows on the way.</p>
          ) : (
            verdict.mistakes.map(({ name, sentence }) => (
              <p key={name + sentence}>
                <b>{name}</b> {sentence}
              </p>
            ))
          )}
        </div>
      );
  }
}
