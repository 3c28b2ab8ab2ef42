import {
  broadcastTo,
  type Expr,
  greater,
  literalValue,
  mask,
  reshape,
  sum,
  transpose,
} from "@chainrule/core";

/** Ops that bring a condition and what it selects to another shape alike. */
const moves: ReadonlySet<Expr["op"]> = new Set([broadcastTo.op, reshape.op, sum.op, transpose.op]);

/**
 * The sum in `mask(Σ c > 0, Σ mask(c, v))`, which is the whole: where no c holds, a sum of zeros is 0 anyway.
 *
 * Reverse mode makes these where a selection was broadcast, to keep a mask a mask; the count is spared here.
 */
export function withoutRedundantMask(node: Expr): Expr | undefined {
  if (node.op !== mask.op) return undefined;
  const [condition, value] = node.args as readonly [Expr, Expr];
  if (condition.op !== greater.op || condition.shape.length !== value.shape.length)
    return undefined;
  const [count, zero] = condition.args as readonly [Expr, Expr];
  if (literalValue(zero) !== 0) return undefined;
  let left = count;
  let right = value;
  let summed = false;
  while (moves.has(left.op) && left.op === right.op && left.key === right.key) {
    summed ||= left.op === sum.op;
    left = left.args[0] as Expr;
    right = right.args[0] as Expr;
  }
  if (!summed || right.op !== mask.op) return undefined;
  const [selected] = right.args as readonly [Expr];
  const same = left === selected || (left.op === broadcastTo.op && left.args[0] === selected);
  return same ? value : undefined;
}
