import {
  ArgumentError,
  add,
  broadcastTo,
  concat,
  constant,
  type Dim,
  type Expr,
  flip,
  iota,
  less,
  mul,
  pad,
  reshape,
  slice,
  Tensor,
  take,
  transpose,
  where,
} from "@chainrule/core";
import type { OnnxValue } from "../known.ts";
import type { ImportRule, ImportRules, NodeReading } from "../nodeReading.ts";

/** A size that must be a number. */
export function fixed(dim: Dim | undefined, what: string): number {
  if (typeof dim === "number") return dim;
  throw new ArgumentError(`${what} must be a number, got ${dim} (options.sizes fixes named sizes)`);
}

/** Bounds beyond the ends mean the ends. */
const sliced: ImportRule = (n) => {
  let out = n.x();
  const rank = out.shape.length;
  const starts = n.places("starts", 1) ?? [];
  const ends = n.attributes.has("ends") ? n.attributes.numbers("ends") : n.sizes(2);
  const places = n.places("axes", 3) ?? starts.map((_, i) => i);
  const steps = n.has(4) ? n.numbers(4) : starts.map(() => 1);
  for (const [i, axis] of n.axes(places, rank).entries()) {
    out = sliceAxis(out, axis, starts[i] ?? 0, ends[i] ?? 0, steps[i] ?? 1);
  }
  return out;
};

/** Farther than any axis goes. */
const FAR = 2 ** 31 - 1;

function sliceAxis(x: Expr, axis: number, start: number, end: Dim, step: number): Expr {
  const length = x.shape[axis] as Dim;
  if (typeof length === "string") return sliceNamed(x, axis, start, end, step);
  if (typeof end === "string") {
    // The first elements, as many as a named size: a table that is longer than what it is for.
    if (start === 0 && step === 1) return take(x, iota(end), axis);
    throw new ArgumentError(
      `a bound must be a number along ${length} elements from ${start} on, got ${end}`,
    );
  }
  if (step === 0) throw new ArgumentError("the step must not be 0, got 0");
  const from = (place: number): number => (place < 0 ? place + length : place);
  const clamp = (place: number, low: number, high: number): number =>
    Math.min(Math.max(place, low), high);
  if (step > 0) {
    const first = clamp(from(start), 0, length);
    const last = clamp(from(end), 0, length);
    return slice(x, axis, first, Math.max(first, last), Math.min(step, FAR));
  }
  // Before the first element is the first one here, where Python has none. Source: ONNX, "Slice".
  const first = clamp(from(start), 0, length - 1);
  const last = clamp(from(end), -1, length - 1);
  if (first <= last) return slice(x, axis, 0, 0);
  // Backwards to the very first element there is no bound to say.
  return slice(x, axis, first, last < 0 ? undefined : last, Math.max(step, -FAR));
}

/** Along a named size: whole, from the front or the end, or with a part cut off. */
function sliceNamed(x: Expr, axis: number, start: number, end: Dim, step: number): Expr {
  const whole = typeof end === "string" ? end === x.shape[axis] : end >= FAR;
  if (start === 0 && step === 1 && whole) return x;
  const backwards = step === -1 && (start === -1 || start >= FAR);
  if (backwards && typeof end === "number" && end < -FAR) return flip(x, axis);
  if (typeof end === "string") {
    throw new ArgumentError(`a bound must be a number or the axis's own size, got ${end}`);
  }
  return slice(x, axis, start, whole ? undefined : end, step);
}

const split: ImportRule = (n) => {
  const x = n.x();
  const axis = n.axis(n.attributes.number("axis", 0), x.shape.length);
  const length = fixed(x.shape[axis], "the length of a split axis");
  const parts = n.attributes.number("num_outputs", n.proto.output.length);
  const even = Math.ceil(length / parts);
  const sizes =
    n.places("split", 1) ??
    Array.from({ length: parts }, (_, i) => Math.min(even, length - i * even));
  let start = 0;
  const made = sizes.map((size) => {
    start += size;
    return slice(x, axis, start - size, start);
  });
  if (start !== length) {
    throw new ArgumentError(`parts must be ${length} elements together, got ${sizes.join(" + ")}`);
  }
  return made;
};

/** Values end to end; arrays without elements count for nothing. */
const concatenated: ImportRule = (n) => {
  const all = n.all();
  const [first] = all;
  if (first === undefined) throw new ArgumentError("there must be an input, got none");
  const axis = n.axis(n.attributes.number("axis", 0), first.shape.length);
  const parts = all.filter(({ shape }) => shape[axis] !== 0);
  return parts.length === 0 ? first : concat(parts, axis);
};

const tile: ImportRule = (n) => {
  let out = n.x();
  for (const [axis, times] of n.numbers(1).entries()) {
    if (times === 1) continue;
    const { shape } = out;
    const apart = [...shape.slice(0, axis), 1, ...shape.slice(axis)];
    const wide = [...shape.slice(0, axis), times, ...shape.slice(axis)];
    const length = shape[axis];
    const joined = length === 1 || times === 1 ? times : fixed(length, "a tiled axis") * times;
    out = reshape(broadcastTo(reshape(out, apart), wide), [
      ...shape.slice(0, axis),
      joined,
      ...shape.slice(axis + 1),
    ]);
  }
  return out;
};

/** Which element stands at each place of a padded axis. */
function padSources(mode: string, length: number, before: number, after: number): number[] {
  return Array.from({ length: length + before + after }, (_, i) => {
    const at = i - before;
    if (mode === "edge") return Math.min(Math.max(at, 0), length - 1);
    if (mode === "wrap") return ((at % length) + length) % length;
    const period = Math.max(2 * (length - 1), 1);
    const folded = ((at % period) + period) % period;
    return Math.min(folded, period - folded);
  });
}

const padded: ImportRule = (n) => {
  const x = n.x();
  const mode = n.attributes.text("mode", "constant");
  const widths = n.places(n.opset < 2 ? "paddings" : "pads", 1) ?? [];
  const axes = n.has(3) ? n.axes(n.numbers(3), x.shape.length) : x.shape.map((_, axis) => axis);
  const given = widths.length / 2;
  const value = n.attributes.has("value")
    ? n.attributes.number("value")
    : n.has(2)
      ? n.number(2)
      : 0;
  const around = x.shape.map((_, axis) => {
    const i = axes.indexOf(axis);
    return i < 0 ? ([0, 0] as const) : ([widths[i] ?? 0, widths[i + given] ?? 0] as const);
  });
  let out = x;
  for (const [axis, [before, after]] of around.entries()) {
    // Negative widths cut off.
    if (before < 0) out = slice(out, axis, -before);
    if (after < 0) out = slice(out, axis, 0, fixed(out.shape[axis], "a cut axis") + after);
  }
  const positive = around.map(([a, b]) => [Math.max(a, 0), Math.max(b, 0)] as const);
  if (positive.every(([a, b]) => a === 0 && b === 0)) return out;
  if (mode === "constant") return pad(out, positive, value);
  for (const [axis, [before, after]] of positive.entries()) {
    if (before === 0 && after === 0) continue;
    const sources = padSources(mode, fixed(out.shape[axis], "a padded axis"), before, after);
    out = take(out, places(sources), axis);
  }
  return out;
};

/** Numbers of elements as a constant. */
export function places(numbers: readonly number[]): Expr {
  return constant(new Tensor([numbers.length], Int32Array.from(numbers), "i32"));
}

/** Blocks of channels as blocks of places, or back. */
const blocks =
  (toSpace: boolean): ImportRule =>
  (n) => {
    const x = n.x();
    const block = n.attributes.number("blocksize");
    const [batch, channels, height, width] = x.shape as readonly [Dim, number, number, number];
    if (!toSpace) {
      const apart = reshape(x, [batch, channels, height / block, block, width / block, block]);
      const moved = transpose(apart, [0, 3, 5, 1, 2, 4]);
      return reshape(moved, [batch, channels * block * block, height / block, width / block]);
    }
    const inner = channels / (block * block);
    const columns = n.attributes.text("mode", "DCR") === "CRD";
    const sizes = columns
      ? [batch, inner, block, block, height, width]
      : [batch, block, block, inner, height, width];
    const order = columns ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
    return reshape(transpose(reshape(x, sizes), order), [
      batch,
      inner,
      height * block,
      width * block,
    ]);
  };

/** The lower or the upper triangle of matrices. */
const triangle: ImportRule = (n: NodeReading): OnnxValue => {
  const x = n.x();
  const shift = n.has(1) ? n.number(1) : 0;
  const upper = n.attributes.number("upper", 1) !== 0;
  const [rows, columns] = x.shape.slice(-2).map((dim) => fixed(dim, "a side of a triangle")) as [
    number,
    number,
  ];
  const kept = Uint8Array.from({ length: rows * columns }, (_, i) => {
    const offset = (i % columns) - Math.floor(i / columns);
    return Number(upper ? offset >= shift : offset <= shift);
  });
  const mask = constant(new Tensor([rows, columns], kept, "bool"));
  return where(mask, x, 0);
};

/** Index pairs as one index into the elements of leading axes. */
export function flatIndex(indices: Expr, sizes: readonly Dim[]): Expr {
  const depth = sizes.length;
  let out: Expr | undefined;
  for (let axis = 0; axis < depth; axis++) {
    const part = take(indices, places([axis]), -1);
    const own = reshape(part, indices.shape.slice(0, -1));
    const length = fixed(sizes[axis], "an indexed axis");
    const positive = where(less(own, 0), add(own, length), own);
    out = out === undefined ? positive : add(mul(out, length), positive);
  }
  if (out === undefined) throw new ArgumentError("indices must have places, got none");
  return out;
}

/** Operators that move elements, and change none. */
export const movement: ImportRules = {
  Concat: concatenated,
  DepthToSpace: blocks(true),
  Pad: padded,
  Slice: sliced,
  SpaceToDepth: blocks(false),
  Split: split,
  Tile: tile,
  Transpose: (n) => {
    const x = n.x();
    const rank = x.shape.length;
    const usual = x.shape.map((_, axis) => rank - 1 - axis);
    return transpose(x, n.attributes.numbers("perm", usual));
  },
  Trilu: triangle,
};
