import type { Expr } from "../expr.ts";
import { transpose } from "../ops/index.ts";
import { withoutPrimes } from "./names.ts";
import { ParseError } from "./parseError.ts";
import type { Token } from "./tokenize.ts";

/** The node of `x'`, given that of x: its transpose. Throws ParseError where x is a scalar. */
export function transposed(text: string, token: Token, matrix: Expr): Expr {
  const base = withoutPrimes(token.text);
  const primes = token.text.length - base.length;
  if (matrix.shape.length === 0 && primes > 0) {
    const reason = `"${token.text}" is not defined, and the scalar "${base}" has no transpose`;
    throw new ParseError(text, token.start, reason);
  }
  return primes % 2 === 0 ? matrix : transpose(matrix);
}
