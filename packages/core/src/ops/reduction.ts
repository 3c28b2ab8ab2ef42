import type { Expr } from "../expr.ts";
import { named } from "../notation.ts";
import type { Elements } from "../op.ts";
import { type Shape, sameShape } from "../shape.ts";
import type { Value } from "../tensor.ts";
import { add, div } from "./arithmetic.ts";
import { greater } from "./comparison.ts";
import { constant } from "./leaf.ts";
import { broadcastTo, reshape } from "./movement.ts";
import {
  asType,
  counting,
  countOf,
  floating,
  likewise,
  type Reduction,
  reduceElements,
  reduceValue,
  reduction,
  withReducedAxes,
} from "./reduce.ts";
import { isMask, mask } from "./select.ts";

function total(read: (k: number) => number, length: number): number {
  let out = 0;
  for (let k = 0; k < length; k++) out += read(k);
  return out;
}

/** Sum over some axes, or all. Sums of truth values count. */
export const sum: Reduction = /* @__PURE__ */ reduction({
  name: "sum",
  result: counting,
  evaluate: ([x], node) => reduceValue(x as Value, node, total),
  vjp: (node, adjoint) => [
    broadcastTo(withReducedAxes(adjoint, node), (node.args[0] as Expr).shape),
  ],
  jvp: (node, [x]) => x && sum(x, ...likewise(node)),
  fold: ([x], { axes }) =>
    (axes as readonly number[]).length === 0 && x?.dtype !== "bool" ? x : undefined,
  elements: (node, [x]) =>
    reduceElements(node, x as Elements, (members) => sumOf(members, node.dtype)),
  notation: { form: "big", latex: "\\sum" },
});

function sumOf(members: readonly Expr[], dtype: Expr["dtype"]): Expr {
  return members.length === 0 ? constant(0, dtype) : members.reduce((a, b) => add(a, b));
}

/**
 * Sums `x` down to `shape`, from which it was broadcast: the reverse of broadcasting.
 *
 * A mask stays a mask: the sum flows where any of its elements does.
 */
export function sumTo(x: Expr, shape: Shape): Expr {
  if (x.shape === shape || sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  if (lead < 0) return broadcastTo(x, shape);
  const axes: number[] = [];
  for (let axis = 0; axis < x.shape.length; axis++) {
    if (axis < lead || (shape[axis - lead] === 1 && x.shape[axis] !== 1)) axes.push(axis);
  }
  const down = (value: Expr): Expr => {
    const summed = axes.length === 0 ? value : sum(value, axes, { keepDims: true });
    return broadcastTo(reshape(summed, summed.shape.slice(lead)), shape);
  };
  if (!isMask(x)) return down(x);
  const condition = broadcastTo(x.args[0] as Expr, x.shape);
  return mask(castNonZero(down(condition)), down(x));
}

/** Whether any of the counted truth values held. */
function castNonZero(count: Expr): Expr {
  return count.dtype === "bool" ? count : greater(count, 0);
}

/** Mean over some axes, or all. */
export const mean: Reduction = /* @__PURE__ */ reduction({
  name: "mean",
  result: floating,
  evaluate: ([x], node) =>
    reduceValue(x as Value, node, (read, length) => total(read, length) / length),
  vjp: (node, adjoint) => {
    const x = node.args[0] as Expr;
    const share = div(adjoint, countOf(x, node.attributes["axes"] as readonly number[]));
    return [broadcastTo(withReducedAxes(share, node), x.shape)];
  },
  jvp: (node, [x]) => x && mean(x, ...likewise(node)),
  lower: (node) => {
    const [x] = node.args as readonly [Expr];
    const [axes, options] = likewise(node);
    return div(sum(asType(x, node.dtype), axes, options), countOf(x, axes));
  },
  notation: named("mean"),
});
