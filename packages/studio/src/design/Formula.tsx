import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { copyMathml } from "./copyMathml.ts";
import { setter } from "./setter.ts";

/** What a formula takes. */
export interface FormulaProps {
  /** LaTeX as @chainrule/render writes it. */
  readonly latex: string;
  /** A line of its own. */
  readonly display?: boolean | undefined;
}

/** A formula as MathML; its LaTeX stands there until the setter has come. */
export function Formula({ latex, display = false }: FormulaProps): JSX.Element {
  const place = useRef<HTMLSpanElement>(null);
  const set = setter();
  useLayoutEffect(() => {
    if (set !== undefined) place.current?.replaceChildren(copyMathml(set(latex, { display })));
  }, [set, latex, display]);
  const name = `formula${display ? " display" : ""}`;
  if (set !== undefined) return <span key="set" class={name} ref={place} />;
  return (
    <span key="plain" class={name}>
      <span class="plain">{latex}</span>
    </span>
  );
}
