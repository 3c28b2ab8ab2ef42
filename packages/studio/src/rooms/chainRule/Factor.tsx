import type { JSX } from "preact";
import { Formula } from "../../design/index.ts";
import { isLit, type Lit, type LitEdge } from "./lit.ts";

/** What a factor takes. */
export interface FactorProps {
  readonly edge: LitEdge;
  readonly latex: string;
  /** What it is called by those who hear it. */
  readonly text: string;
  readonly lit: Lit;
}

/** A factor of the chain rule: it and its edge in the drawing light each other. */
export function Factor({ edge, latex, text, lit }: FactorProps): JSX.Element {
  const light = (): void => {
    lit.value = edge;
  };
  const leave = (): void => {
    if (isLit(lit, edge)) lit.value = undefined;
  };
  return (
    <button
      type="button"
      class={`factor${isLit(lit, edge) ? " lit" : ""}`}
      aria-label={text}
      onPointerEnter={light}
      onPointerLeave={leave}
      onFocus={light}
      onBlur={leave}
      onClick={light}
    >
      <Formula latex={latex} />
    </button>
  );
}
