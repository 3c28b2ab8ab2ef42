import { type Expr, grad, scalar, toText } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";

/** Stands for the argument: no function of the library has this letter. */
const ARGUMENT = "ξ";

/** Derivatives of higher order are no part of a formula that one reads. */
const MOST = 4;

/**
 * The derivative of a function of one number as a text in brackets, cut where its argument stands:
 * `(cos(`, `))` for `sin'`. Nothing for functions of several.
 */
export function slopeText(name: string, order: number): readonly string[] | undefined {
  if (order > MOST) return undefined;
  const x = scalar(ARGUMENT);
  let slope: Expr;
  try {
    slope = parse(`${name}(${ARGUMENT})`, { variables: { [ARGUMENT]: x } }).result;
  } catch {
    return undefined;
  }
  for (let i = 0; i < order; i++) slope = grad(slope, x);
  return `(${toText(slope)})`.split(ARGUMENT);
}
