import type { Block, EquationLine, Formula, Inline } from "./document.ts";
import type { Shown } from "./quantity.ts";

/** A line of a display. */
export function line(
  left: Formula | undefined,
  relation: EquationLine["relation"],
  right: Formula,
  remark?: string,
): EquationLine {
  return { left, relation, right, remark, note: undefined };
}

/** A further term of a sum, in a line of its own. */
export function continued({ text, latex }: Formula): Formula {
  return { text: `+ ${text}`, latex: `{} + ${latex}` };
}

/** The heading of a part. */
export function heading(...content: readonly Inline[]): Block {
  return { kind: "heading", level: 2, content };
}

/** Words and formulas. */
export function paragraph(...content: readonly Inline[]): Block {
  return { kind: "paragraph", content };
}

/** `=` where the printed number says all. */
export function sign({ exact }: Shown): "=" | "≈" {
  return exact ? "=" : "≈";
}

/** A formula with printed numbers in place of symbols is equal only if they all are. */
export function relation(operands: readonly Shown[]): "=" | "≈" {
  return operands.every(({ exact }) => exact) ? "=" : "≈";
}
