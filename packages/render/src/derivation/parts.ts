import type { Expr } from "@chainrule/core";
import { isOne } from "./components.ts";
import type { Formula } from "./document.ts";
import type { ChainPath } from "./quantity.ts";

/** A number in a cell that is not the whole number. */
export function about({ text, latex }: Formula): Formula {
  return { text: `≈ ${text}`, latex: `\\approx ${latex}` };
}

/** Factors 1 are left out, if others are there. */
export function factorsOf({ components }: ChainPath): Expr[] {
  const all = components.map(({ shown }) => shown);
  const told = all.filter((shown) => !isOne(shown));
  return told.length === 0 ? all.slice(0, 1) : told;
}

/** What a path is called where there are several. */
export function pathName(index: number): Formula {
  return { text: `path ${index + 1}`, latex: `\\text{path ${index + 1}}` };
}
