import { ArgumentError, describe } from "../errors.ts";
import { Expr } from "../expr.ts";
import type { Named, Program } from "../program.ts";
import { parseSource } from "./parseSource.ts";
import type { Parsed } from "./textTypes.ts";

/** Options of `parse`. */
export interface ParseOptions<V extends Named = Named, F extends string = string> {
  /** Nodes that names of the text stand for. */
  readonly variables?: V;
  /** Names of functions without a body, such as u and v in u(v(x)). */
  readonly functions?: readonly F[];
}

/**
 * The program that a text describes: `parse("d = 2b; e = a + d; L = c e")`.
 *
 * mathjs's syntax and precedence, and what people type besides: `2b`, `c(a + b)`, `x_{12}`, `x²`,
 * `|x|`, `sin 2x`. `a = 3` gives the variable a a value, `x: [batch, 3]` declares a shape,
 * `f(x) = x^2` a function. The types know the names of a short literal text.
 * Throws ParseError with line, column and a caret.
 */
export function parse<
  const T extends string,
  const V extends Named = Record<never, never>,
  const F extends string = never,
>(text: T, options: ParseOptions<V, F> = {}): Parsed<T, V, F> {
  if (typeof text !== "string") {
    throw new ArgumentError(`parse: the text must be a string, got ${describe(text)}`);
  }
  const { variables = {}, functions = [] } = options;
  for (const [name, node] of Object.entries<unknown>(variables)) {
    if (node instanceof Expr) continue;
    throw new ArgumentError(
      `parse: variables must be expressions, got ${describe(node)} for ${name}`,
    );
  }
  const program: Program = parseSource({ text }, { variables, functions, holes: new Map() });
  return program as Parsed<T, V, F>;
}
