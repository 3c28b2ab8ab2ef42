import type { Expr, Op } from "@chainrule/core";
import { averagePool, convolution, convolutionInput, maxPool } from "@chainrule/core/conv";

/** Ops whose results have channels on axis 1, whatever the number of axes. */
const spatial: ReadonlySet<Op> = new Set(
  [convolution, convolutionInput, maxPool, averagePool].map(({ op }) => op),
);

/**
 * The axis of an output's units: channels of images, and of signals that a convolution or a pool gave; else the last.
 *
 * [batch, channels, width] and [batch, time, size] look alike, so the graph tells, back over elementwise ops.
 */
export function unitAxis(output: Expr): number {
  const rank = output.shape.length;
  if (rank === 4) return 1;
  const open = rank === 3 ? [output] : [];
  const seen = new Set(open);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (spatial.has(node.op)) return 1;
    if (node.op.elementwise === undefined) continue;
    for (const arg of node.args) {
      if (arg.shape.length !== rank || seen.has(arg)) continue;
      seen.add(arg);
      open.push(arg);
    }
  }
  return rank - 1;
}
