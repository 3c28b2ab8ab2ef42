import {
  clip,
  type Expr,
  greaterEqual,
  lessEqual,
  log,
  log1p,
  logicalAnd,
  max,
  neg,
  where,
} from "@chainrule/core";
import { type LossValues, outside } from "./loss.ts";

/** What rounding may add to a sum of single-precision probabilities, with room to spare. */
const SLACK = 1e-6;

/**
 * A logarithm of a probability is at least this, so that a certain wrong answer costs 100, not ∞.
 * Source: PyTorch, `BCELoss`.
 */
const LEAST = -100;

/** The probability, kept within 0 … 1; NaN for a number that is none, so that training stops there. */
export function probability(p: Expr): Expr {
  const is = logicalAnd(greaterEqual(p, -SLACK), lessEqual(p, 1 + SLACK));
  return where(is, clip(p, 0, 1), Number.NaN);
}

/** `ln p`, at least −100; the derivative below is 0. */
export function logOf(p: Expr): Expr {
  return max(log(p), LEAST);
}

/** `ln (1 − p)`, at least −100; the derivative below is 0. */
export function logOfComplement(p: Expr): Expr {
  return max(log1p(neg(p)), LEAST);
}

/** Whether a number can be a probability. */
export function isProbability(value: number): boolean {
  return value >= -SLACK && value <= 1 + SLACK;
}

/** The sentence for outputs that are no probabilities. */
export function notProbabilities(
  where: string,
  { output }: LossValues,
  instead: string,
): string | undefined {
  if (output.data === undefined) return undefined;
  const what = `${where}: outputs (probabilities)`;
  const found = outside(what, output.data, output.shape, isProbability, "between 0 and 1");
  return found && `${found}; ${instead}`;
}
