import { ArgumentError, type Expr, type Program } from "@chainrule/core";
import { ParseError, parse } from "@chainrule/core/parse";
import { type LatexStatement, readLatex } from "./readLatex.ts";
import { ratioText } from "./readRatio.ts";

/** Options of `fromLatex`. */
export interface LatexOptions {
  /** Nodes that names stand for, such as matrices: `{ X: variable("X", [4, 3]) }`. */
  readonly variables?: Readonly<Record<string, Expr>>;
  /** Names of functions without a body, such as u and v in u(v(x)). */
  readonly functions?: readonly string[];
}

/**
 * The program that LaTeX formulas describe: `await fromLatex("d = 2b \\\\ L = c(a + d)")`.
 *
 * Definitions are separated by `\\`, `;` or `,`, with or without an environment around; the last
 * may be an expression alone. `w_{1}` is the name `w_1`, `\mathit{sum}_{h1}` is `sum_h1`, `\alpha`
 * is `α`, `\hat{y}` is `y_hat`.
 * Throws ParseError with line, column and a caret in the LaTeX, ArgumentError if the package
 * `@cortex-js/compute-engine`, which reads LaTeX, is not installed.
 */
export async function fromLatex(latex: string, options: LatexOptions = {}): Promise<Program> {
  if (typeof latex !== "string") {
    throw new ArgumentError(`fromLatex: the formulas must be a text, got ${typeof latex}`);
  }
  const { functions = [], variables = {} } = options;
  return programOf(latex, await readLatex(latex, { functions }), { functions, variables });
}

/** The program that formulas define, which have been read. */
export function programOf(
  latex: string,
  statements: readonly LatexStatement[],
  options: LatexOptions,
): Program {
  let text = "";
  const starts: { readonly from: number; readonly placeOf: (offset: number) => number }[] = [];
  for (const { left, at, right, start } of statements) {
    if (at !== undefined) {
      throw new ParseError(latex, start, "a definition must stand here, got a claim at a point");
    }
    if (typeof left === "object") {
      throw new ParseError(
        latex,
        start,
        `a definition must stand here, got the claim ${"gradient" in left ? `∇${left.gradient}` : ratioText(left)}`,
      );
    }
    const [formula, more] = right;
    if (formula === undefined || more !== undefined) {
      throw new ParseError(latex, start, 'a definition must have one "=", got several');
    }
    starts.push({ from: text.length, placeOf: () => start });
    if (left !== undefined) text += `${left} = `;
    starts.push({ from: text.length, placeOf: formula.placeOf });
    text += `${formula.text};\n`;
  }
  if (starts.length === 0) throw new ParseError(latex, 0, "there must be a formula, got none");
  try {
    return parse(text, options);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { offset, reason } = error;
    const around = starts.findLast(({ from }) => from <= offset);
    const place = around?.placeOf(offset - around.from) ?? 0;
    throw new ParseError(latex, place, reason, { cause: error });
  }
}
