import { nameOf } from "../bind.ts";
import { ArgumentError, describe } from "../errors.ts";
import { Expr, type Operand } from "../expr.ts";
import { constant, literalValue } from "../ops/index.ts";
import { parseSource } from "./parseSource.ts";

/**
 * The expression of a template, with expressions and numbers put in: ex`${c}(${a} + 2${b})`.
 *
 * What is put in is a value of its own, as in parentheses; names are variables, as in `parse`.
 * Throws ParseError.
 */
export function ex(strings: TemplateStringsArray, ...values: readonly Operand[]): Expr {
  let text = strings[0] ?? "";
  const holes = new Map<number, number>();
  const nodes = new Map<number, Expr>();
  values.forEach((value, i) => {
    const node = typeof value === "number" ? constant(value) : value;
    if (!(node instanceof Expr)) {
      throw new ArgumentError(
        `ex: what is put in must be an expression or a number, got ${describe(value)}`,
      );
    }
    const start = text.length;
    nodes.set(start, node);
    text += `\${${nameOf(node) ?? literalValue(node) ?? "…"}}`;
    holes.set(start, text.length);
    text += strings[i + 1] ?? "";
  });
  return parseSource({ text, holes }, { variables: {}, functions: [], holes: nodes }).result;
}
