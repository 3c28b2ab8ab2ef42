import type { WalkStep, WalkTerm } from "@chainrule/render";
import { decimalLatex } from "@chainrule/render";
import type { JSX } from "preact";
import { Formula } from "../../design/index.ts";
import { Scroller } from "../../document/Scroller.tsx";
import { Factor } from "./Factor.tsx";
import type { Lesson, LessonStep } from "./lesson.ts";
import type { Lit } from "./lit.ts";
import { stepTitle } from "./stepWords.ts";

/** What the card takes. */
export interface StepCardProps {
  readonly lesson: Lesson;
  readonly step: LessonStep;
  readonly lit: Lit;
}

/** One step in full: what is computed from what, by which rule, with its numbers. */
export function StepCard({ lesson, step, lit }: StepCardProps): JSX.Element {
  return (
    <div class={`step ${step.kind}`}>
      <h3>{stepTitle(step)}</h3>
      <Scroller label="The step">
        {step.kind === "inputs" ? (
          <Inputs lesson={lesson} />
        ) : (
          <p class="equation">
            <Formula latex={`\\displaystyle ${step.name.latex}`} />
            {linesInSight(step).map(({ relation, right }, i) => (
              <span key={i}>
                {relation} <Formula latex={`\\displaystyle ${right.latex}`} />
              </span>
            ))}
          </p>
        )}
        {step.kind === "backward" ? (
          <Terms lesson={lesson} terms={step.terms} lit={lit} />
        ) : undefined}
      </Scroller>
    </div>
  );
}

function Inputs({ lesson }: { readonly lesson: Lesson }): JSX.Element {
  return (
    <p class="equation">
      {lesson.walk.inputs.map(({ name, node, value }) => (
        <Formula key={name} latex={`${lesson.latexOf(node)} = ${decimalLatex(value.text)}`} />
      ))}
    </p>
  );
}

/** What each user sends back: upstream times local, by its rule. */
function Terms({
  lesson,
  terms,
  lit,
}: {
  readonly lesson: Lesson;
  readonly terms: readonly WalkTerm[];
  readonly lit: Lit;
}): JSX.Element {
  if (terms.length === 0) {
    return (
      <p class="quiet-text">The way back begins with 1: the result changes as much as itself.</p>
    );
  }
  return (
    <ul class="terms">
      {terms.slice(0, MOST_TERMS).map(({ user, upstream, upstreamValue, local, value }, i) => {
        const { of, by } = local.component;
        return (
          <li key={i}>
            <span class="product">
              <Formula latex={equal([upstream.latex, upstreamValue?.number.latex])} />
              <span class="times">×</span>
              <Factor
                lesson={lesson}
                edge={{ of: of.name, by: by.name }}
                latex={equal([local.symbol.latex, local.shown.latex, local.value?.number.latex])}
                text={`${local.symbol.text} = ${local.shown.text}`}
                lit={lit}
              />
              <span class="result">
                <Formula
                  latex={`${value?.relation === "≈" ? "\\approx" : "="} ${value?.number.latex ?? ""}`}
                />
              </span>
            </span>
            <span class="rule">
              upstream × local, through <Formula latex={lesson.latexOf(user.node)} />, by the{" "}
              {local.rules.join(", ")}
            </span>
          </li>
        );
      })}
      {terms.length > MOST_TERMS ? (
        <li class="quiet-text">… and what {terms.length - MOST_TERMS} more users send back</li>
      ) : undefined}
    </ul>
  );
}

/** More terms than these nobody reads in a line, and thousands hold the page up. */
const MOST_TERMS = 12;

/** The lines of a step; of a sum that is too long to read, only what it comes to. */
function linesInSight({ lines, terms }: WalkStep): WalkStep["lines"] {
  return terms.length > MOST_TERMS ? lines.slice(-1) : lines;
}

/** `a = b = c`, each once. */
function equal(parts: readonly (string | undefined)[]): string {
  const told = parts.filter((part, i) => part !== undefined && parts.indexOf(part) === i);
  return `\\displaystyle ${told.join(" = ")}`;
}
