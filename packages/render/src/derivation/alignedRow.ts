import { escapeLatex } from "../latex/escapeLatex.ts";
import type { EquationLine } from "./document.ts";

/** Letters of a line that bears its remark; a longer one has it below. */
const WIDEST = 75;

const SIGNS = { "=": "=", "≈": "\\approx", "": "\\quad" } as const;

/** A line of `aligned`, `left &= right && rule`, its footnote by `mark`. */
export function alignedRow(
  { left, relation, right, remark, note }: EquationLine,
  mark: (note: number) => string,
): string {
  const noted = note === undefined ? "" : mark(note);
  const formula = `${left?.latex ?? ""} &${SIGNS[relation]} ${right.latex}${noted}`;
  if (remark === undefined) return formula;
  const said = `\\text{\\footnotesize(${escapeLatex(remark)})}`;
  const long = (left?.text.length ?? 0) + right.text.length + remark.length / 2 > WIDEST;
  return long ? `${formula} \\\\\n &\\quad ${said}` : `${formula} && ${said}`;
}
