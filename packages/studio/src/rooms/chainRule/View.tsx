import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { Announcer, Panel, Select } from "../../design/index.ts";
import { RoomHead } from "../../document/RoomHead.tsx";
import { Editor } from "../../editor/Editor.tsx";
import { BottomPanel } from "./BottomPanel.tsx";
import type { ChainRuleState } from "./chainRuleState.ts";
import { DefinitionsView } from "./DefinitionsView.tsx";
import { FirstSteps } from "./FirstSteps.tsx";
import { GraphPanel } from "./GraphPanel.tsx";
import { exampleOf, gallery } from "./gallery.ts";
import { inputValues } from "./inputValues.ts";
import { chosenInput, lostOf } from "./lesson.ts";
import type { LitEdge } from "./lit.ts";
import { type Reading, readText } from "./readText.ts";
import { useLesson } from "./useLesson.ts";
import { useRested } from "./useRested.ts";
import { VariablesPanel } from "./VariablesPanel.tsx";
import "./chainRule.css";

const OWN = "own";
/** A result is said, in milliseconds, when nothing has moved for so long. */
const REST = 700;
const examples: readonly (readonly [string, string])[] = gallery.map(({ id, title }) => [
  id,
  title,
]);

/** The room's page. */
export function View({ state }: { readonly state: Signal<ChainRuleState> }): JSX.Element {
  const { text, values: chosen, detail, wrt, panel } = state.value;
  const lit = useSignal<readonly LitEdge[] | undefined>(undefined);
  const read = useMemo(() => readText(text), [text]);
  // While a text is half typed, the last one that could be read stays in sight.
  const last = useRef<Reading | undefined>(undefined);
  if ("reading" in read) last.current = read.reading;
  const reading = last.current;
  const values = useMemo(
    () => (reading === undefined ? {} : inputValues(reading, chosen)),
    [reading, chosen],
  );
  const { lesson, problem, current } = useLesson(reading, values, detail);
  const by = lesson && chosenInput(lesson, wrt);
  const lost = useMemo(() => lesson && lostOf(lesson), [lesson]);
  const example = exampleOf(text);
  const change = useMemo(
    () => (part: Partial<ChainRuleState>) => {
      state.value = { ...state.peek(), ...part };
    },
    [state],
  );
  const [drawn, setDrawn] = useState(false);
  const { step, way, delta, question } = state.value;
  // Drawn again only for what it shows: not with each letter that is typed.
  const right = useMemo(() => {
    if (lesson === undefined) return undefined;
    const shared = { lesson, state: state.peek(), lit, onChange: change };
    return (
      <>
        <GraphPanel
          {...shared}
          by={chosenInput(lesson, wrt)}
          latest={() => state.peek()}
          onDrawn={() => setDrawn(true)}
        />
        <BottomPanel {...shared} />
      </>
    );
  }, [lesson, detail, wrt, panel, step, way, delta, question, state, lit, change]);
  const output = current ? lesson?.worked.output : undefined;
  const told = useRested(output === undefined ? "" : `${output.name} = ${output.value.text}`, REST);
  const wrong = "problem" in read ? read.problem : placeless(problem);
  const stale = "problem" in read ? " stale" : "";
  return (
    <div class="chain-rule">
      <RoomHead title="The chain rule">
        Type an expression and walk its graph: values forward, derivatives back.
      </RoomHead>
      <FirstSteps state={state} />
      <Announcer text={told} />
      <div class="chain-left">
        <Panel title="Expression">
          <Select
            label="Example"
            value={example?.id ?? OWN}
            options={example === undefined ? [[OWN, "Your own"], ...examples] : examples}
            onChange={(id) => {
              const found = gallery.find((one) => one.id === id);
              if (found === undefined) return;
              const { text: of, values: at, wrt: next } = found;
              change({ text: of, values: at, wrt: next, step: undefined, question: 0 });
            }}
          />
          {example === undefined ? undefined : <p class="quiet-text about">{example.about}</p>}
          <Editor
            label="Expression"
            text={text}
            problem={wrong}
            needed={drawn || wrong !== undefined}
            onChange={(typed) => {
              if (typed !== state.value.text) change({ text: typed });
            }}
          />
          {reading === undefined ? undefined : (
            <div class={`read${stale}`}>
              <DefinitionsView
                reading={reading}
                result={current && problem === undefined ? lesson?.worked.output.value : undefined}
              />
              {lost === undefined ? undefined : <p role="status">{lost}</p>}
              {reading.notes.map((note) => (
                <p key={note} class="quiet-text">
                  {note}
                </p>
              ))}
            </div>
          )}
        </Panel>
        {reading === undefined ? undefined : (
          <VariablesPanel
            reading={reading}
            values={values}
            lesson={lesson}
            by={by}
            secret={panel === "quiz"}
            onValue={(name, value) => change({ values: { ...values, [name]: value } })}
            onBy={(name) => change({ wrt: name })}
          />
        )}
      </div>
      {right === undefined ? undefined : <div class={`chain-right${stale}`}>{right}</div>}
    </div>
  );
}

function placeless(
  message: string | undefined,
): { readonly message: string; readonly offset: undefined } | undefined {
  return message === undefined ? undefined : { message, offset: undefined };
}
