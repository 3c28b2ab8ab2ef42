import type { Expr } from "./expr.ts";
import { matmul } from "./ops/contraction.ts";
import { broadcastTo, reshape } from "./ops/movement.ts";

/**
 * Factors of matrix products that hold one number everywhere, `c 1`: written as c alone they would scale.
 *
 * Notation writes them as that number times a vector or matrix of ones.
 */
export function filledFactors(nodes: readonly Expr[]): ReadonlySet<Expr> {
  const filled = new Set<Expr>();
  for (const { op, args } of nodes) {
    if (op !== matmul.op) continue;
    for (const arg of args) {
      const factor = arg.op === reshape.op ? (arg.args[0] as Expr) : arg;
      if (factor.op === broadcastTo.op && factor.args[0]?.shape.length === 0) filled.add(factor);
    }
  }
  return filled;
}
