import { allocate, roundTo } from "../dtype.ts";
import { apply, type Expr, type Operand, operand } from "../expr.ts";
import { defineOp, type WithOp } from "../op.ts";
import { elementCount, normalizeAxes, type Shape, sameShape, strides } from "../shape.ts";
import { asTensor, asValue, Tensor, type Value } from "../tensor.ts";
import { div, mul } from "./arithmetic.ts";
import { greater } from "./comparison.ts";
import { constant, dimension } from "./leaf.ts";
import { broadcastTo, reshape } from "./movement.ts";
import { isMask, mask } from "./select.ts";

/** Options of a reduction. */
export interface ReduceOptions {
  /** Whether reduced axes stay, with length 1. */
  readonly keepDims?: boolean;
}

/** A reduction: over some axes, or all. */
export type Reduction = WithOp<
  (x: Operand, axes?: number | readonly number[], options?: ReduceOptions) => Expr
>;

/** The shape after reducing `axes`. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims
    ? shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    : shape.filter((_, axis) => !axes.includes(axis));
}

/** Combines the elements along `axes`, first to last, from `start`. */
export function reduceValue(
  value: Value,
  node: Expr,
  start: number,
  combine: (total: number, item: number) => number,
): Value {
  const { shape, data } = asTensor(value, node.dtype);
  const axes = node.attributes["axes"] as readonly number[];
  const kept = shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const out = allocate(node.dtype, elementCount(kept)).fill(start);
  const steps = strides(shape);
  const targets = strides(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  for (let i = 0; i < data.length; i++) {
    let at = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      const target = targets[axis] as number;
      if (target > 0) {
        at += (Math.floor(i / (steps[axis] as number)) % (shape[axis] as number)) * target;
      }
    }
    out[at] = combine(out[at] as number, data[i] as number);
  }
  const final = reducedShape(shape, axes, node.attributes["keepDims"] === true);
  return asValue(new Tensor(final as readonly number[], out, node.dtype));
}

/** The node's own shape with the reduced axes back, as length 1. */
export function withReducedAxes(x: Expr, node: Expr): Expr {
  if (node.attributes["keepDims"] === true) return x;
  const axes = node.attributes["axes"] as readonly number[];
  const from = (node.args[0] as Expr).shape;
  return reshape(x, reducedShape(from, axes, true));
}

/** Sum over some axes, or all. Sums of truth values count. */
export const sum: Reduction = defineOp(
  {
    name: "sum",
    arity: 1,
    infer: ([x], { axes, keepDims }) => {
      const { shape, dtype } = x as Expr;
      return {
        shape: reducedShape(shape, axes as readonly number[], keepDims === true),
        dtype: dtype === "bool" ? "i32" : dtype,
      };
    },
    evaluate: ([x], node) => reduceValue(x as Value, node, 0, (total, item) => total + item),
    vjp: (node, adjoint) => [
      broadcastTo(withReducedAxes(adjoint, node), (node.args[0] as Expr).shape),
    ],
    jvp: ({ attributes: { axes, keepDims } }, [x]) =>
      x && sum(x, axes as readonly number[], { keepDims: keepDims === true }),
    fold: ([x], { axes }) => ((axes as readonly number[]).length === 0 ? x : undefined),
    notation: { form: "big", latex: "\\sum" },
  },
  (op) =>
    (x, axes, { keepDims = false } = {}): Expr => {
      const source = operand("sum", x);
      const over = normalizeAxes("sum", axes, source.shape.length);
      return apply(op, [source], { axes: over, keepDims });
    },
);

/** The number of elements along axes, as an expression where a size is named. */
export function countOf(x: Expr, axes: readonly number[]): Expr {
  const dtype = x.dtype === "f32" ? "f32" : "f64";
  let fixed = 1;
  let count: Expr | undefined;
  for (const axis of axes) {
    const dim = x.shape[axis] as number | string;
    if (typeof dim === "number") fixed *= dim;
    else {
      const size = dimension(dim, dtype);
      count = count === undefined ? size : mul(count, size);
    }
  }
  if (count === undefined) return constant(fixed, dtype);
  return fixed === 1 ? count : mul(constant(fixed, dtype), count);
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
export const mean: Reduction = defineOp(
  {
    name: "mean",
    arity: 1,
    infer: ([x], { axes, keepDims }) => {
      const { shape, dtype } = x as Expr;
      return {
        shape: reducedShape(shape, axes as readonly number[], keepDims === true),
        dtype: dtype === "f32" ? "f32" : "f64",
      };
    },
    evaluate: ([x], node) => {
      const total = reduceValue(x as Value, node, 0, (before, item) => before + item);
      const from = asTensor(x as Value).shape;
      let count = 1;
      for (const axis of node.attributes["axes"] as readonly number[]) count *= from[axis] as number;
      if (typeof total === "number") return roundTo(node.dtype, total / count);
      return new Tensor(total.shape, total.data.map((item) => item / count), node.dtype);
    },
    vjp: (node, adjoint) => {
      const x = node.args[0] as Expr;
      const share = div(adjoint, countOf(x, node.attributes["axes"] as readonly number[]));
      return [broadcastTo(withReducedAxes(share, node), x.shape)];
    },
    jvp: ({ attributes: { axes, keepDims } }, [x]) =>
      x && mean(x, axes as readonly number[], { keepDims: keepDims === true }),
    notation: { form: "call", latex: "\\operatorname{mean}" },
  },
  (op) =>
    (x, axes, { keepDims = false } = {}): Expr => {
      const source = operand("mean", x);
      const over = normalizeAxes("mean", axes, source.shape.length);
      return apply(op, [source], { axes: over, keepDims });
    },
);
