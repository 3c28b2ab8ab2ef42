import {
  ArgumentError,
  add,
  broadcastTo,
  cast,
  concat,
  type Dim,
  type Expr,
  equal,
  gather,
  greater,
  iota,
  less,
  moveAxis,
  mul,
  reshape,
  scatterAdd,
  segmentSum,
  slice,
  sub,
  take,
  where,
} from "@chainrule/core";
import { asExpr, Known } from "../known.ts";
import type { ImportRule, ImportRules, NodeReading } from "../nodeReading.ts";
import { fixed, flatIndex } from "./movement.ts";

/** Indices as i32, counted from the front. */
function indices(n: NodeReading, i: number, length: Dim | undefined): Expr {
  const value = n.value(i);
  const index = asExpr(value);
  const numbers = value instanceof Known ? value.numbers : undefined;
  if (numbers?.every((item) => item >= 0) === true) return index;
  if (typeof length !== "number") return index;
  if (numbers !== undefined && value instanceof Known) {
    return new Known(
      value.shape,
      numbers.map((item) => (item < 0 ? item + length : item)),
    ).expr;
  }
  return where(less(index, 0), add(index, length), index);
}

const gathered: ImportRule = (n) => {
  const x = n.x();
  const axis = n.axis(n.attributes.number("axis", 0), x.shape.length);
  return fromEnd(n, x, axis) ?? take(x, indices(n, 1, x.shape[axis]), axis);
};

/** Elements along a named axis by places of which some are counted from its end. */
function fromEnd(n: NodeReading, x: Expr, axis: number): Expr | undefined {
  const index = n.value(1);
  const numbers = index instanceof Known ? index.numbers : undefined;
  const negative = numbers?.some((item) => item < 0) === true;
  if (typeof x.shape[axis] === "number" || numbers === undefined || !negative) return undefined;
  const parts = numbers.map((item) => slice(x, axis, item, item === -1 ? undefined : item + 1));
  const { shape } = index as Known;
  return reshape(concat(parts, axis), [
    ...x.shape.slice(0, axis),
    ...shape,
    ...x.shape.slice(axis + 1),
  ]);
}

const gatherElements: ImportRule = (n) => {
  const x = n.x();
  const axis = n.axis(n.attributes.number("axis", 0), x.shape.length);
  const index = indices(n, 1, x.shape[axis]);
  // Along other axes indices may be fewer: the first ones count.
  let source = x;
  for (const [at, dim] of index.shape.entries()) {
    if (at === axis || dim === source.shape[at]) continue;
    source = slice(source, at, 0, fixed(dim, "the length of indices"));
  }
  return gather(source, index, axis);
};

/** Rows of x by index tuples along its leading axes. */
const gatherNd: ImportRule = (n) => {
  const [x, index] = [n.x(0), n.x(1)];
  if (n.attributes.number("batch_dims", 0) !== 0) {
    throw new ArgumentError("batch_dims must be 0, got another number");
  }
  const depth = fixed(index.shape.at(-1), "the depth of indices");
  const sizes = x.shape.slice(0, depth);
  const rows = sizes.reduce<number>((count, dim) => count * fixed(dim, "an indexed axis"), 1);
  const flat = reshape(x, [rows, ...x.shape.slice(depth)]);
  return take(flat, flatIndex(index, sizes), 0);
};

type Combine = (x: Expr, sums: Expr, reached: () => Expr) => Expr;

/** What becomes of elements that updates reach: they are replaced, or the updates are added. */
function combine(n: NodeReading): Combine {
  const how = n.attributes.text("reduction", "none");
  if (how === "add") return (x, sums) => add(x, sums);
  if (how === "none") return (x, sums, reached) => where(greater(reached(), 0), sums, x);
  throw new ArgumentError(`reduction must be "none" or "add", got ${JSON.stringify(how)}`);
}

const zerosLike = (x: Expr): Expr => cast(mul(cast(less(x, x), "i32"), 0), x.dtype);

const scatterElements: ImportRule = (n) => {
  const [x, updates] = [n.x(0), n.x(2)];
  const axis = n.axis(n.attributes.number("axis", 0), x.shape.length);
  const index = indices(n, 1, x.shape[axis]);
  const fits = index.shape.every((dim, at) => at === axis || dim === x.shape[at]);
  if (!fits) return scatterPart(n, x, index, updates, axis);
  if (n.attributes.text("reduction", "none") === "add") return scatterAdd(x, index, updates, axis);
  const none = zerosLike(x);
  const ones = cast(equal(updates, updates), x.dtype);
  const sums = scatterAdd(none, index, updates, axis);
  return combine(n)(x, sums, () => scatterAdd(none, index, ones, axis));
};

/** The same with fewer indices along other axes: by places among all elements. */
function scatterPart(n: NodeReading, x: Expr, index: Expr, updates: Expr, axis: number): Expr {
  let place: Expr | undefined;
  let stride = 1;
  for (let at = x.shape.length - 1; at >= 0; at--) {
    const length = fixed(index.shape[at], "the length of indices");
    const sizes = index.shape.map((_, i) => (i === at ? length : 1));
    const own = at === axis ? index : reshape(iota(length), sizes);
    const part = mul(own, stride);
    place = place === undefined ? part : add(place, part);
    stride *= fixed(x.shape[at], "a scattered axis");
  }
  const flat = reshape(broadcastTo(place as Expr, index.shape), [-1]);
  const spread = (values: Expr): Expr =>
    reshape(segmentSum(reshape(values, [-1]), flat, stride, 0), x.shape);
  return combine(n)(x, spread(updates), () => spread(cast(equal(updates, updates), updates.dtype)));
}

const scatterNd: ImportRule = (n) => {
  const [x, index, updates] = [n.x(0), n.x(1), n.x(2)];
  const depth = fixed(index.shape.at(-1), "the depth of indices");
  const sizes = x.shape.slice(0, depth);
  const rows = sizes.reduce<number>((count, dim) => count * fixed(dim, "an indexed axis"), 1);
  const flat = flatIndex(index, sizes);
  const spread = (values: Expr): Expr => reshape(segmentSum(values, flat, rows, 0), x.shape);
  return combine(n)(x, spread(updates), () => spread(cast(equal(updates, updates), updates.dtype)));
};

/** `on` where an index points along a new axis, `off` elsewhere. */
const oneHot: ImportRule = (n) => {
  const index = n.x(0);
  const depth = n.number(1);
  const rank = index.shape.length + 1;
  const axis = n.axis(n.attributes.number("axis", -1), rank);
  const own = where(less(index, 0), add(index, depth), index);
  const hot = equal(reshape(own, [...own.shape, 1]), iota(depth));
  const [off, on] = [0, 1].map((i) => take(n.x(2), new Known([], [i]).expr)) as [Expr, Expr];
  const spread = where(hot, on, off);
  return axis === rank - 1 ? spread : moveAxis(spread, rank - 1, axis);
};

/** Places of a sequence from its end on, for each of a batch. */
const reverseSequence: ImportRule = (n) => {
  const [x, lengths] = [n.x(0), n.x(1)];
  const time = n.attributes.number("time_axis", 0);
  const batch = n.attributes.number("batch_axis", 1);
  const count = fixed(x.shape[time], "the length of a sequence");
  const sizes = (axis: number, size: Dim): Dim[] => x.shape.map((_, i) => (i === axis ? size : 1));
  const step = reshape(iota(count), sizes(time, count));
  const end = reshape(lengths, sizes(batch, x.shape[batch] as Dim));
  const index = where(less(step, end), sub(sub(end, step), 1), step);
  const all = add(index, cast(zerosLike(x), "i32"));
  return gather(x, all, time);
};

/** Operators with indices. */
export const indexing: ImportRules = {
  Gather: gathered,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  OneHot: oneHot,
  ReverseSequence: reverseSequence,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
};
