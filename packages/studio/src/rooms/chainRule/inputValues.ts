import type { Reading } from "./readText.ts";

/** Numbers for variables that have none, all in the domain of ln and √, and told apart in products. */
const BEGINNINGS = [2, 3, 0.5, 1.5, 1, 2.5];

/** A number for every variable: the one chosen, else that of the text, else a beginning. */
export function inputValues(
  { inputs, given }: Reading,
  chosen: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const out: Record<string, number> = Object.create(null);
  inputs.forEach((name, i) => {
    const own = Object.hasOwn(chosen, name) ? chosen[name] : undefined;
    const said = Object.hasOwn(given, name) ? given[name] : undefined;
    out[name] = own ?? said ?? (BEGINNINGS[i % BEGINNINGS.length] as number);
  });
  return out;
}

/** Ends of a slider: round numbers, so that they do not move while it is dragged. */
export function sliderEnd(value: number): number {
  let end = 5;
  while (end < Math.abs(value)) end *= 2;
  return end;
}
