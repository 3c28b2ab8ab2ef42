import { isFloat } from "../dtype.ts";
import type { Expr } from "../expr.ts";
import { literalValue } from "../ops/leaf.ts";

/** Ops whose values are +0 or above, or NaN, whatever their arguments. */
const NEVER_NEGATIVE: ReadonlySet<string> = new Set([
  "abs",
  "cosh",
  "exp",
  "hypot",
  "logicalNot",
  "sigmoid",
  "softplus",
  "square",
]);

/** Levels of sums and products that are looked into. */
const DEEPEST = 4;

/** Whether a value is known to be +0 or above, or NaN; never −0. */
export function isNonnegative(expr: Expr, depth = 0): boolean {
  const value = literalValue(expr);
  if (value !== undefined) return value >= 0 && !Object.is(value, -0);
  // Integers wrap: the square of a large one may be below 0.
  if (!isFloat(expr.dtype)) return false;
  const { op, args } = expr;
  if (NEVER_NEGATIVE.has(op.name)) return true;
  const spread = ["add", "mul", "broadcastTo", "reshape", "transpose", "sum", "mean", "sqrt"];
  if (depth === DEEPEST || args.length === 0 || !spread.includes(op.name)) return false;
  return args.every((arg) => isNonnegative(arg, depth + 1));
}
