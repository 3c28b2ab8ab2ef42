import type { EquationLine } from "./document.ts";

const SIGNS = { "=": "=", "≈": "\\approx", "": "\\quad" } as const;

/** A line of `aligned`, `left &= right && rule`, its footnote by `mark`. */
export function alignedRow(
  { left, relation, right, remark, note }: EquationLine,
  mark: (note: number) => string,
): string {
  const noted = note === undefined ? "" : mark(note);
  const said = remark === undefined ? "" : ` && \\text{(${remark})}`;
  return `${left?.latex ?? ""} &${SIGNS[relation]} ${right.latex}${noted}${said}`;
}
