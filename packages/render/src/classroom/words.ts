import type { Expr } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import type { Block, EquationLine, Formula, Inline } from "../derivation/document.ts";
import { symbolic } from "../derivation/formulas.ts";
import { numberLatex } from "../latex/numberLatex.ts";
import { type NumberFormat, roundNumber } from "../number/roundNumber.ts";

/** A heading; 1 opens a section. */
export function heading(text: string, level: 1 | 2 = 1): Block {
  return { kind: "heading", level, content: [text] };
}

export function paragraph(...content: readonly Inline[]): Block {
  return { kind: "paragraph", content };
}

/** Lines `left = right`, aligned. */
export function equations(
  lines: readonly (readonly [left: Formula, right: Formula, remark?: string])[],
): Block {
  return {
    kind: "equations",
    lines: lines.map(
      ([left, right, remark]): EquationLine => ({
        left,
        relation: "=",
        right,
        remark,
        note: undefined,
      }),
    ),
  };
}

/** A formula written as one types it: `formula("u(v(x))", ["u", "v"])`. */
export function formula(text: string, functions: readonly string[] = []): Formula {
  return symbolic(parse(text, { functions }).result);
}

/** The formula of a node. */
export function expression(expr: Expr): Formula {
  return symbolic(expr);
}

/** What only people read: text, and its LaTeX. */
export function written(text: string, latex: string): Formula {
  return { text, latex };
}

/** A number as it is printed. */
export function numeral(value: number, format: NumberFormat = {}): Formula {
  const { text } = roundNumber(value, format);
  return { text, latex: numberLatex(value, format) };
}

/** `∂L/∂a`, as low as a line of a table. */
export function ratio(of: Formula, by: Formula): Formula {
  return {
    text: `∂${of.text}/∂${by.text}`,
    latex: `\\partial ${of.latex} / \\partial ${by.latex}`,
  };
}
