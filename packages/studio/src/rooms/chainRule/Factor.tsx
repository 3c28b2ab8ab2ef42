import type { JSX } from "preact";
import { Formula } from "../../design/index.ts";
import type { Lesson } from "./lesson.ts";
import { arrowsOf, isLit, type Lit, type LitEdge } from "./lit.ts";

/** What a factor takes. */
export interface FactorProps {
  readonly lesson: Lesson;
  readonly edge: LitEdge;
  readonly latex: string;
  /** What it is called by those who hear it. */
  readonly text: string;
  readonly lit: Lit;
}

/** A factor of the chain rule: it and its edge in the drawing light each other. */
export function Factor({ lesson, edge, latex, text, lit }: FactorProps): JSX.Element {
  const arrows = arrowsOf(lesson, edge);
  const light = (): void => {
    lit.value = arrows;
  };
  const leave = (): void => {
    if (isLit(lit, arrows)) lit.value = undefined;
  };
  return (
    <button
      type="button"
      class={`factor${isLit(lit, arrows) ? " lit" : ""}`}
      onPointerEnter={light}
      onPointerLeave={leave}
      onFocus={light}
      onBlur={leave}
      onClick={light}
    >
      <span class="hidden-text">{text}</span>
      <span aria-hidden="true">
        <Formula latex={latex} />
      </span>
    </button>
  );
}
