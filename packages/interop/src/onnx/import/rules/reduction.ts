import {
  ArgumentError,
  abs,
  argmax,
  argmin,
  cast,
  cumulativeSum,
  div,
  type Expr,
  equal,
  expandDims,
  flip,
  iota,
  log,
  logSoftmax,
  logSumExp,
  mean,
  prod,
  type Reduction,
  reduceMax,
  reduceMin,
  reshape,
  softmax,
  sqrt,
  square,
  sub,
  sum,
} from "@chainrule/core";
import type { ImportRule, ImportRules } from "../nodeReading.ts";
import { fixed } from "./movement.ts";

/** A reduction over axes said by an attribute once, and by an input since. */
const reduction =
  (reduce: Reduction, before?: (x: Expr) => Expr, after?: (x: Expr) => Expr): ImportRule =>
  (n) => {
    const x = n.x();
    const places = n.places("axes", 1);
    const nothing = places === undefined || places.length === 0;
    if (nothing && n.attributes.number("noop_with_empty_axes", 0) !== 0) return x;
    const keepDims = n.attributes.number("keepdims", 1) !== 0;
    const axes = nothing ? undefined : n.axes(places, x.shape.length);
    const reduced = reduce(before?.(x) ?? x, axes, { keepDims });
    return after?.(reduced) ?? reduced;
  };

/** The place of the first, or the last, of the largest or smallest. */
const place =
  (index: typeof argmax): ImportRule =>
  (n) => {
    const x = n.x();
    const axis = n.axis(n.attributes.number("axis", 0), x.shape.length);
    const last = n.attributes.number("select_last_index", 0) !== 0;
    let found = index(last ? flip(x, axis) : x, axis);
    if (last) found = sub(fixed(x.shape[axis], "an axis searched from its end") - 1, found);
    return n.attributes.number("keepdims", 1) === 0 ? found : expandDims(found, axis);
  };

/** Over the last axis since opset 13; before over all from axis 1 on, as one. */
const normalization =
  (normalize: typeof softmax): ImportRule =>
  (n) => {
    const x = n.x();
    const rank = x.shape.length;
    if (n.opset >= 13) return normalize(x, n.axis(n.attributes.number("axis", -1), rank));
    const axis = n.axis(n.attributes.number("axis", 1), rank);
    return normalize(
      x,
      Array.from({ length: rank - axis }, (_, i) => axis + i),
    );
  };

/** Sums of all elements up to each one, or up to the one before. */
const cumulative: ImportRule = (n) => {
  const x = n.x();
  const axis = n.axis(n.number(1), x.shape.length);
  const reverse = n.attributes.number("reverse", 0) !== 0;
  const sums = cumulativeSum(x, axis, { reverse });
  return n.attributes.number("exclusive", 0) === 0 ? sums : sub(sums, x);
};

/** x / ‖x‖ along an axis. */
const lpNormalization: ImportRule = (n) => {
  const x = n.x();
  const order = n.attributes.number("p", 2);
  const axis = n.axis(n.attributes.number("axis", -1), x.shape.length);
  const options = { keepDims: true };
  if (order === 1) return div(x, sum(abs(x), axis, options));
  if (order === 2) return div(x, sqrt(sum(square(x), axis, options)));
  throw new ArgumentError(`p must be 1 or 2, got ${order}`);
};

/** Operators that bring many elements to one, or to as many that know of each other. */
export const reductions: ImportRules = {
  ArgMax: place(argmax),
  ArgMin: place(argmin),
  CumSum: cumulative,
  GlobalAveragePool: (n) => overSpace(n.x(), mean),
  GlobalMaxPool: (n) => overSpace(n.x(), reduceMax),
  Hardmax: (n) => {
    const x = n.x();
    const rank = x.shape.length;
    if (n.opset >= 13) return hardmax(x, n.axis(n.attributes.number("axis", -1), rank));
    // Before, the largest of all from an axis on, as of one row.
    const axis = n.axis(n.attributes.number("axis", 1), rank);
    const rows = reshape(x, [...x.shape.slice(0, axis), -1]);
    return reshape(hardmax(rows, axis), x.shape);
  },
  LogSoftmax: normalization(logSoftmax),
  LpNormalization: lpNormalization,
  ReduceL1: reduction(sum, abs),
  ReduceL2: reduction(sum, square, sqrt),
  ReduceLogSum: reduction(sum, undefined, log),
  ReduceLogSumExp: reduction(logSumExp),
  ReduceMax: reduction(reduceMax),
  ReduceMean: reduction(mean),
  ReduceMin: reduction(reduceMin),
  ReduceProd: reduction(prod),
  ReduceSum: reduction(sum),
  ReduceSumSquare: reduction(sum, square),
  Softmax: normalization(softmax),
};

/** All but batch and channels brought to one element. */
function overSpace(x: Expr, reduce: Reduction): Expr {
  const axes = Array.from({ length: x.shape.length - 2 }, (_, i) => i + 2);
  return reduce(x, axes, { keepDims: true });
}

/** 1 at the first largest element, 0 elsewhere. */
function hardmax(x: Expr, axis: number): Expr {
  const length = fixed(x.shape[axis], "the axis");
  const best = expandDims(argmax(x, axis), axis);
  const sizes = x.shape.map((_, i) => (i === axis ? length : 1));
  return cast(equal(reshape(iota(length), sizes), best), x.dtype);
}
