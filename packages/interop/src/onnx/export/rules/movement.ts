import type { Dim, Expr, Shape } from "@chainrule/core";
import type { GraphWriter, Rule, Rules } from "../graphWriter.ts";

/** As far as an axis goes, in either direction. */
const END = Number.POSITIVE_INFINITY;

interface Range {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly size: Dim;
}

const own = (w: GraphWriter, node: Expr, i = 0): string => w.arg(node, i, node.dtype);

/** Elements along one axis, as ONNX's Slice counts them. */
export function sliceAxis(
  w: GraphWriter,
  value: string,
  axis: number,
  [start, end, step]: readonly [number, number, number],
): string {
  return w.op("Slice", [value, ...[start, end, axis, step].map((place) => w.ints([place]))]);
}

const slice: Rule = (w, node) => {
  const { axis, start, step, size } = node.attributes as unknown as Range;
  const count = w.state.dim(size);
  let end = step < 0 ? -END : END;
  if (typeof count === "number") {
    const beyond = start + count * step;
    // A bound that has passed the first or the last element would count from the other end.
    const passed = start < 0 ? beyond >= 0 : beyond < 0;
    if (!passed) end = beyond;
  }
  return sliceAxis(w, own(w, node), axis, [start, end, step]);
};

/** Zeros around: as many as `before` and `after` say, along one axis. */
function padAxis(
  w: GraphWriter,
  node: Expr,
  value: string,
  axis: number,
  [before, after]: readonly [string | number, string | number],
): string {
  const rank = node.shape.length;
  const places = Array.from({ length: 2 * rank }, (_, i) =>
    i === axis ? before : i === rank + axis ? after : 0,
  );
  const numbers = places.every((place) => typeof place === "number");
  const pads = numbers
    ? w.ints(places as number[])
    : w.op(
        "Concat",
        places.map((place) => (typeof place === "number" ? w.ints([place]) : place)),
        { axis: 0 },
      );
  return w.op("Pad", [value, pads]);
}

/** x with `step − 1` zeros between its elements along an axis: padded rows, end to end. */
function dilated(w: GraphWriter, node: Expr, value: string, range: Range): string {
  const { axis, size } = range;
  const stride = Math.abs(range.step);
  if (stride === 1) return value;
  const count = size as number;
  const shape = node.shape;
  const apart = [...shape.slice(0, axis), count, 1, ...shape.slice(axis + 1)];
  const rows = w.reshape(value, apart);
  const places = apart.flatMap(() => [0, 0]);
  places[apart.length + axis + 1] = stride - 1;
  const padded = w.op("Pad", [rows, w.ints(places)]);
  const joined = w.reshape(padded, [
    ...shape.slice(0, axis),
    count * stride,
    ...shape.slice(axis + 1),
  ]);
  return sliceAxis(w, joined, axis, [0, (count - 1) * stride + 1, 1]);
}

const place: Rule = (w, node) => {
  const range = node.attributes as unknown as Range;
  const { axis, start, step } = range;
  const size = w.state.dim(range.size);
  const length = w.state.dim(node.shape[axis] as Dim);
  if (size === 0) return w.filled(0, node.dtype, node.shape);
  const x = own(w, node);
  const forward = step > 0 ? x : sliceAxis(w, x, axis, [-1, -END, -1]);
  if (typeof size === "string") {
    if (size === length && Math.abs(step) === 1) return w.op("Identity", [forward]);
    return w.refuse(node, `${size} elements in an axis of ${length}`);
  }
  const spread = dilated(w, node, forward, { ...range, size });
  const span = (size - 1) * Math.abs(step) + 1;
  const first = step > 0 ? start : start + (size - 1) * step;
  if (typeof length === "number") {
    const before = first < 0 ? first + length : first;
    return padAxis(w, node, spread, axis, [before, length - before - span]);
  }
  const rest = (known: number): string => w.op("Add", [w.size(length), w.ints([known])]);
  // Counted from the end where it is negative.
  return padAxis(
    w,
    node,
    spread,
    axis,
    first < 0 ? [rest(first), -first - span] : [first, rest(-first - span)],
  );
};

/** One value after another along an axis. */
const concat: Rule = (w, node) =>
  w.op("Concat", w.all(node, node.dtype), { axis: node.attributes["axis"] as number });

const stack: Rule = (w, node) => {
  const axis = node.attributes["axis"] as number;
  const parts = w.all(node, node.dtype).map((part) => w.op("Unsqueeze", [part, w.ints([axis])]));
  return w.op("Concat", parts, { axis });
};

/** A sum whose axes of length 1 go at once, as gradients of vectors added to rows have it. */
function squeezedSum(w: GraphWriter, node: Expr): string | undefined {
  const [total] = node.args as readonly [Expr];
  if (total.op.name !== "sum" || total.attributes["keepDims"] !== true || !w.isReadOnce(total)) {
    return undefined;
  }
  const axes = total.attributes["axes"] as readonly number[];
  const left = total.shape.filter((_, axis) => !axes.includes(axis));
  const fits = left.length === node.shape.length && left.every((size, i) => size === node.shape[i]);
  if (!fits || axes.length === 0) return undefined;
  return w.reduce("ReduceSum", w.arg(total, 0, node.dtype), axes, false);
}

/** Ops that move elements, and change none. */
export const movementRules: Rules = {
  broadcastTo: (w, node) => w.op("Expand", [own(w, node), w.shape(node.shape)]),
  cast: (w, node) => w.cast(w.arg(node, 0), node.dtype),
  concat,
  place,
  reshape: (w, node) => squeezedSum(w, node) ?? w.reshape(own(w, node), node.shape as Shape),
  slice,
  stack,
  transpose: (w, node) =>
    w.op("Transpose", [own(w, node)], {
      perm: node.attributes["permutation"] as readonly number[],
    }),
};
