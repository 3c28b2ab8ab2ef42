import type { Expr } from "../expr.ts";
import { delimited } from "../notation.ts";
import type { Value } from "../tensor.ts";
import { div, mul, sqrt, square } from "./arithmetic.ts";
import { greater, less, logicalAnd, notEqual } from "./comparison.ts";
import { reduceMax, reduceMin } from "./extremum.ts";
import { constant } from "./leaf.ts";
import {
  asType,
  floating,
  likewise,
  type Reduction,
  reduceValue,
  reduction,
  withReducedAxes,
} from "./reduce.ts";
import { sum } from "./reduction.ts";
import { mask, where } from "./select.ts";

/**
 * Euclidean length over some axes, or all, `‖x‖ = √Σ xᵢ²`; elements are scaled, so that squares
 * neither overflow nor vanish.
 *
 * Derivative `x / ‖x‖`, and 0 at the origin (the convention of ChainRules and PyTorch).
 */
export const norm: Reduction = /* @__PURE__ */ reduction({
  name: "norm",
  result: floating,
  evaluate: ([x], node) => reduceValue(x as Value, node, euclidean),
  vjp: (node, adjoint) => {
    const upstream = withReducedAxes(adjoint, node);
    return [overNorm(withReducedAxes(node, node), mul(upstream, node.args[0] as Expr))];
  },
  jvp: (node, [x]) => {
    if (x === undefined) return undefined;
    return overNorm(node, sum(mul(node.args[0] as Expr, x), ...likewise(node)));
  },
  lower: (node) => {
    const [axes, options] = likewise(node);
    const x = asType(node.args[0] as Expr, node.dtype);
    if (x.shape.length === 0 || axes.some((axis) => x.shape[axis] === 0)) {
      return sqrt(sum(square(x), axes, options));
    }
    const kept = { keepDims: true };
    const most = reduceMax(x, axes, kept);
    const least = reduceMin(x, axes, kept);
    const largest = where(greater(most, least.neg()), most, least.neg());
    const ordinary = logicalAnd(greater(largest, 0), less(largest, Number.POSITIVE_INFINITY));
    const scale = where(ordinary, largest, constant(1, x.dtype));
    const root = sqrt(sum(square(div(x, scale)), axes, kept));
    const out = mul(scale, root);
    return options.keepDims ? out : sum(out, axes);
  },
  notation: delimited("\\lVert", "\\rVert"),
});

function euclidean(read: (k: number) => number, count: number): number {
  let largest = 0;
  for (let k = 0; k < count; k++) largest = Math.max(largest, Math.abs(read(k)));
  const scale = largest > 0 && largest < Number.POSITIVE_INFINITY ? largest : 1;
  let total = 0;
  for (let k = 0; k < count; k++) total += (read(k) / scale) ** 2;
  return scale * Math.sqrt(total);
}

/** `value / ‖x‖`, and 0 where the norm is 0. */
function overNorm(length: Expr, value: Expr): Expr {
  return mask(notEqual(length, 0), div(value, length));
}
