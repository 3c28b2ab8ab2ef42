import type { Expr } from "./expr.ts";
import { matmul } from "./ops/contraction.ts";
import { broadcastTo, reshape, transpose } from "./ops/movement.ts";
import type { Shape } from "./shape.ts";

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

/**
 * How a step that only fits axes together reads: as its operand, or as the transpose of it; `undefined` for all others.
 *
 * A vector as a column is the vector, as a row its transpose; axes of length 1 come and go unsaid.
 */
export function fitting({ op, args, shape }: Expr): "same" | "transposed" | undefined {
  const x = args[0] as Expr;
  if (op === transpose.op) return x.shape.length === 1 ? "same" : undefined;
  if (op !== reshape.op || lengths(x.shape) !== lengths(shape)) return undefined;
  const wasRow = x.op === reshape.op && isRow((x.args[0] as Expr).shape);
  return isRow(shape) && x.shape.length === 1 && !wasRow ? "transposed" : "same";
}

/** Whether a transposition exchanges the last two axes and no other: what notation writes as `Xᵀ`. */
export function swapsLast({ attributes }: Expr): boolean {
  const permutation = attributes["permutation"] as readonly number[];
  const rank = permutation.length;
  const swapped = permutation.map((_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  return rank >= 2 && permutation.every((axis, i) => axis === swapped[i]);
}

function lengths(shape: Shape): string {
  return shape.filter((dim) => dim !== 1).join();
}

function isRow(shape: Shape): boolean {
  return shape.length === 2 && shape[0] === 1;
}
