import { ArgumentError, allocate, formatShape, ShapeError, Tensor } from "@chainrule/core";
import { checkFinite, countRows } from "./checks.ts";

/** How numbers are brought to a common scale: to mean 0 and deviation 1, or to the range 0 … 1. */
export type Scaling = "standard" | "range";

/** `(x − centre) / scale` for every feature, as fitted on training data. */
export interface Normalizer {
  /** Shape of one example. */
  readonly shape: readonly number[];
  readonly centre: Float64Array;
  readonly scale: Float64Array;
  /** Examples on the common scale. */
  apply(examples: Tensor): Tensor;
  /** The examples that `apply` makes these of, up to rounding. */
  invert(examples: Tensor): Tensor;
}

/**
 * The normalizer of a training set: `fitNormalizer(train.inputs).apply(test.inputs)`.
 *
 * A feature that is the same in all examples is moved to 0 and not scaled. With `per: "all"` all
 * features share one centre and scale, as the pixels of an image should.
 * Throws ArgumentError for no examples, NaN and ∞.
 */
export function fitNormalizer(
  examples: Tensor,
  options: { readonly scaling?: Scaling; readonly per?: "feature" | "all" } = {},
): Normalizer {
  const { scaling = "standard", per = "feature" } = options;
  const rows = countRows("fitNormalizer", examples);
  if (rows === 0) {
    throw new ArgumentError("fitNormalizer: there must be at least one example, got none");
  }
  checkFinite("fitNormalizer", examples);
  const shape = examples.shape.slice(1);
  const width = examples.data.length / rows;
  const features = per === "all" ? 1 : width;
  const centre = new Float64Array(width);
  const scale = new Float64Array(width).fill(1);
  for (let feature = 0; feature < features; feature++) {
    const [own, spread] = fit(examples.data, feature, features, scaling);
    for (let i = feature; i < width; i += features) {
      centre[i] = own;
      scale[i] = spread > 0 ? spread : 1;
    }
  }
  return normalizerOf(shape, centre, scale);
}

/**
 * A normalizer from its numbers, such as a checkpoint keeps.
 *
 * Throws ArgumentError unless there is a centre and a scale, which is not 0, for every feature.
 */
export function normalizerOf(
  shape: readonly number[],
  centre: Float64Array,
  scale: Float64Array,
): Normalizer {
  const width = shape.reduce((product, size) => product * size, 1);
  if (centre.length !== width || scale.length !== width) {
    throw new ArgumentError(
      `normalizerOf: there must be ${width} centres and scales for examples of shape ${formatShape(shape)}, got ${centre.length} and ${scale.length}`,
    );
  }
  const bad = scale.findIndex(
    (one, i) => !(Number.isFinite(one / one) && Number.isFinite(centre[i])),
  );
  if (bad >= 0) {
    throw new ArgumentError(
      `normalizerOf: centres and scales must be finite, and no scale 0, got ${centre[bad]} and ${scale[bad]} for feature ${bad}`,
    );
  }
  const each = (where: string, examples: Tensor, change: (x: number, i: number) => number) => {
    const own = examples.shape.slice(1);
    if (formatShape(own) !== formatShape(shape)) {
      throw new ShapeError(
        `${where}: examples must have shape ${formatShape(shape)} as when fitted, got ${formatShape(own)}`,
      );
    }
    const dtype = examples.dtype === "f32" ? "f32" : "f64";
    const data = allocate(dtype, examples.data.length);
    for (let i = 0; i < data.length; i++) {
      data[i] = change(examples.data[i] as number, i % centre.length);
    }
    return new Tensor(examples.shape, data, dtype);
  };
  return {
    shape,
    centre,
    scale,
    apply: (examples) =>
      each("normalizer", examples, (x, i) => (x - (centre[i] as number)) / (scale[i] as number)),
    invert: (examples) =>
      each("normalizer", examples, (x, i) => x * (scale[i] as number) + (centre[i] as number)),
  };
}

/** Centre and scale of every `step`-th number from `start` on; the mean first, as one pass cancels. */
function fit(
  data: ArrayLike<number>,
  start: number,
  step: number,
  scaling: Scaling,
): readonly [number, number] {
  let [sum, count, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = start; i < data.length; i += step) {
    const x = data[i] as number;
    sum += x;
    count++;
    least = Math.min(least, x);
    most = Math.max(most, x);
  }
  if (scaling === "range") return [least, most - least];
  // The mean of equal numbers may round to another number, whose deviation would not be 0.
  if (least === most) return [least, 0];
  const mean = sum / count;
  let squares = 0;
  for (let i = start; i < data.length; i += step) squares += ((data[i] as number) - mean) ** 2;
  return [mean, Math.sqrt(squares / count)];
}
