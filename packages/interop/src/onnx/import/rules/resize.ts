import {
  ArgumentError,
  cast,
  constant,
  type Expr,
  matmul,
  moveAxis,
  Tensor,
  take,
} from "@chainrule/core";
import type { ImportRule, ImportRules, NodeReading } from "../nodeReading.ts";
import { fixed, places } from "./movement.ts";

/** From a place of the result to one of the input, in elements. */
type Source = (to: number) => number;

/** How coordinates are scaled, in single precision as all runtimes do: at 2 − 1e-7 another neighbour is near. Source: ONNX, "Resize". */
function sourceOf(mode: string, factor: number, from: number, to: number): Source {
  const scale = Math.fround(factor);
  const middle: Source = (i) => Math.fround(Math.fround((i + 0.5) / scale) - 0.5);
  switch (mode) {
    case "align_corners":
      return (i) => (to === 1 ? 0 : Math.fround((i * (from - 1)) / (to - 1)));
    case "asymmetric":
      return (i) => Math.fround(i / scale);
    case "pytorch_half_pixel":
      return (i) => (to === 1 ? 0 : middle(i));
    case "half_pixel":
      return middle;
    default:
      throw new ArgumentError(
        `coordinate_transformation_mode must be half_pixel, pytorch_half_pixel, align_corners or asymmetric, got ${JSON.stringify(mode)}`,
      );
  }
}

const rounding: Readonly<Record<string, (x: number) => number>> = {
  ceil: Math.ceil,
  floor: Math.floor,
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
};

const clamp = (x: number, length: number): number => Math.min(Math.max(x, 0), length - 1);

/** Weights of the neighbours of a place, from the first neighbour on. */
type Weights = (fraction: number) => readonly number[];

const linear: Weights = (t) => [1 - t, t];

/** Cubic convolution. Source: Keys 1981, with its parameter a. */
const cubic =
  (a: number): Weights =>
  (t) =>
    [1 + t, t, 1 - t, 2 - t].map((d) =>
      d <= 1
        ? (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1
        : a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a,
    );

/** The matrix [to, from] that interpolates along one axis; neighbours outside are the outermost ones, or do not count. */
function interpolation(
  from: number,
  to: number,
  source: Source,
  { weights, excludeOutside }: { readonly weights: Weights; readonly excludeOutside: boolean },
): Float64Array {
  const table = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    const at = source(i);
    const low = Math.floor(at);
    const all = weights(at - low);
    const first = low - (all.length / 2 - 1);
    const counts = (k: number): boolean => !excludeOutside || (first + k >= 0 && first + k < from);
    const shares = all.map((share, k) => (counts(k) ? share : 0));
    const total = excludeOutside ? shares.reduce((a, b) => a + b, 0) : 1;
    for (const [k, share] of shares.entries()) {
      const place = i * from + clamp(first + k, from);
      table[place] = (table[place] as number) + share / total;
    }
  }
  return table;
}

interface Plan {
  readonly mode: string;
  readonly coordinates: string;
  readonly nearest: string;
  readonly cubic: number;
  readonly excludeOutside: boolean;
}

function resizeAxis(x: Expr, axis: number, to: number, scale: number, plan: Plan): Expr {
  const from = fixed(x.shape[axis], "a resized axis");
  const source = sourceOf(plan.coordinates, scale, from, to);
  if (plan.mode === "nearest") {
    const round = rounding[plan.nearest];
    if (round === undefined) {
      throw new ArgumentError(`nearest_mode must be known, got ${JSON.stringify(plan.nearest)}`);
    }
    const order = Array.from({ length: to }, (_, i) => clamp(round(source(i)), from));
    return take(x, places(order), axis);
  }
  if (plan.mode !== "linear" && plan.mode !== "cubic") {
    throw new ArgumentError(
      `mode must be nearest, linear or cubic, got ${JSON.stringify(plan.mode)}`,
    );
  }
  const weights = plan.mode === "linear" ? linear : cubic(plan.cubic);
  const excludeOutside = plan.mode === "cubic" && plan.excludeOutside;
  const table = interpolation(from, to, source, { weights, excludeOutside });
  // [from, to]: the axis comes last for the product.
  const turned = new Float64Array(table.length);
  for (let i = 0; i < to; i++)
    for (let k = 0; k < from; k++) turned[k * to + i] = table[i * from + k] as number;
  const matrix = cast(constant(new Tensor([from, to], turned, "f64")), x.dtype);
  return moveAxis(matmul(moveAxis(x, axis, -1), matrix), -1, axis);
}

/** Scales or sizes, of which one is given; a missing input has no elements. */
function resized(n: NodeReading, scalesAt: number, sizesAt: number): Expr {
  const x = n.x();
  const rank = x.shape.length;
  const given = (i: number): readonly number[] => (n.has(i) ? n.numbers(i) : []);
  const scales = n.attributes.has("scales") ? n.attributes.numbers("scales") : given(scalesAt);
  const sizes = scales.length > 0 || !n.has(sizesAt) ? [] : n.sizes(sizesAt);
  const axes = n.attributes.has("axes")
    ? n.axes(n.attributes.numbers("axes"), rank)
    : x.shape.map((_, axis) => axis);
  const plain = n.proto.opType === "Upsample" || n.opset < 11;
  if (n.attributes.text("keep_aspect_ratio_policy", "stretch") !== "stretch") {
    throw new ArgumentError("keep_aspect_ratio_policy must be stretch, got another");
  }
  if (n.attributes.number("antialias", 0) !== 0) {
    throw new ArgumentError("antialias must be 0, got another number");
  }
  const plan: Plan = {
    mode: n.attributes.text("mode", "nearest").replace("bilinear", "linear"),
    coordinates: n.attributes.text(
      "coordinate_transformation_mode",
      plain ? "asymmetric" : "half_pixel",
    ),
    nearest: n.attributes.text("nearest_mode", plain ? "floor" : "round_prefer_floor"),
    cubic: n.attributes.number("cubic_coeff_a", -0.75),
    excludeOutside: n.attributes.number("exclude_outside", 0) !== 0,
  };
  let out = x;
  for (const [i, axis] of axes.entries()) {
    const length = x.shape[axis];
    const wanted = sizes[i];
    if (wanted === length || scales[i] === 1) continue;
    const from = fixed(length, "a resized axis");
    const to = wanted === undefined ? undefined : fixed(wanted, "a new size");
    const scale = scales[i] ?? (to ?? from) / from;
    out = resizeAxis(out, axis, to ?? Math.floor(Math.fround(from * scale)), scale, plan);
  }
  return out;
}

/** No input has this place: sizes came with opset 11. */
const NONE = -1;

const resize: ImportRule = (n) => (n.opset < 11 ? resized(n, 1, NONE) : resized(n, 2, 3));

/** Pictures made larger or smaller. */
export const resizing: ImportRules = {
  Resize: resize,
  Upsample: (n) => resized(n, 1, NONE),
};
