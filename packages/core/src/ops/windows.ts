import { ArgumentError, describe, ShapeError } from "../errors.ts";
import { type Dim, elementCount, formatShape } from "../shape.ts";

/** One number for all spatial axes, or one for each. */
export type PerAxis = number | readonly number[];

/** How windows move over the spatial axes of an input. */
export interface WindowOptions {
  /** Distance between neighbouring windows; by default 1 (for pooling, the window's size). */
  readonly stride?: PerAxis;
  /**
   * What is added around: `"valid"` nothing (the default), `"same"` so much that there are ⌈n / stride⌉
   * windows (more at the end where it is odd), a number on both sides, or [before, after] an axis.
   */
  readonly padding?: "valid" | "same" | PerAxis | readonly (readonly [number, number])[];
  /** Distance between neighbouring elements of a window. */
  readonly dilation?: PerAxis;
}

/** Where windows lie, axis by axis; part of a node's attributes. */
export interface Geometry {
  /** Spatial lengths of the input. */
  readonly input: readonly Dim[];
  /** Spatial lengths of the window. */
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilation: readonly number[];
}

/** Numbers for each of `rank` axes. Throws ArgumentError unless they are whole and ≥ `least`. */
export function perAxis(
  where: string,
  what: string,
  given: PerAxis,
  rank: number,
  least: number,
): readonly number[] {
  const list = typeof given === "number" ? new Array<number>(rank).fill(given) : given;
  const fits = Array.isArray(list) && list.length === rank;
  if (!fits || !list.every((item) => Number.isSafeInteger(item) && item >= least)) {
    throw new ArgumentError(
      `${where}: ${what} must be ${rank} whole numbers ≥ ${least}, got ${describeList(given)}`,
    );
  }
  return list;
}

function describeList(given: unknown): string {
  return Array.isArray(given) ? `[${given.map(describe).join(", ")}]` : describe(given);
}

/** The geometry that options say. Throws ArgumentError or ShapeError where they do not fit. */
export function geometryOf(
  where: string,
  input: readonly Dim[],
  window: readonly number[],
  options: WindowOptions,
  defaultStride: PerAxis = 1,
): Geometry {
  const rank = input.length;
  const stride = perAxis(where, "stride", options.stride ?? defaultStride, rank, 1);
  const dilation = perAxis(where, "dilation", options.dilation ?? 1, rank, 1);
  const { padding = "valid" } = options;
  const geometry = {
    input,
    window,
    stride,
    dilation,
    padding:
      padding === "same"
        ? input.map((dim, axis) =>
            samePadding(where, dim, reach(window, dilation, axis), stride, axis),
          )
        : fixedPadding(where, padding === "valid" ? 0 : padding, rank),
  };
  outputSizes(where, geometry);
  return geometry;
}

/** How far a window reaches along an axis. */
function reach(window: readonly number[], dilation: readonly number[], axis: number): number {
  return ((window[axis] as number) - 1) * (dilation[axis] as number) + 1;
}

function samePadding(
  where: string,
  dim: Dim,
  span: number,
  stride: readonly number[],
  axis: number,
): readonly [number, number] {
  const step = stride[axis] as number;
  let total = span - 1;
  if (typeof dim === "number") {
    total = Math.max(0, (Math.ceil(dim / step) - 1) * step + span - dim);
  } else if (step !== 1) {
    throw new ShapeError(
      `${where}: padding "same" along a named size must have stride 1, got ${step} along "${dim}"`,
    );
  }
  const before = Math.floor(total / 2);
  return [before, total - before];
}

function fixedPadding(
  where: string,
  given: PerAxis | readonly (readonly [number, number])[],
  rank: number,
): readonly (readonly [number, number])[] {
  if (typeof given === "string") {
    throw new ArgumentError(
      `${where}: padding must be "same", "valid" or numbers, got ${describe(given)}`,
    );
  }
  const pairs = (Array.isArray(given) ? given : new Array<number>(rank).fill(given as number)).map(
    (item: number | readonly [number, number]) => (typeof item === "number" ? [item, item] : item),
  );
  const flat = perAxis(where, "padding", pairs.flat(), 2 * rank, 0);
  return Array.from({ length: rank }, (_, i) => [flat[2 * i] as number, flat[2 * i + 1] as number]);
}

/**
 * How many windows there are along each axis: `⌊(n + before + after − reach) / stride⌋ + 1`.
 *
 * A named size stays itself where the windows are as many as the elements.
 * Throws ShapeError where no window fits, or the number depends on a named size.
 */
export function outputSizes(where: string, geometry: Geometry): Dim[] {
  const { input, window, stride, padding, dilation } = geometry;
  return input.map((dim, axis) => {
    const [before, after] = padding[axis] as readonly [number, number];
    const grown = before + after - reach(window, dilation, axis);
    const step = stride[axis] as number;
    if (typeof dim === "string") {
      if (step === 1 && grown === -1) return dim;
      throw new ShapeError(
        `${where}: windows along a named size must be as many as its elements (stride 1, padding "same"), got ${formatShape(input)}`,
      );
    }
    if (dim + grown < 0) {
      throw new ShapeError(
        `${where}: a window of ${formatShape(window)} must fit into the padded input, got ${formatShape(input)}`,
      );
    }
    return Math.floor((dim + grown) / step) + 1;
  });
}

/** For window q and its element r, the position in the input at [q · size + r], or −1 in padding. */
export interface WindowTable {
  readonly table: Int32Array;
  /** Number of windows. */
  readonly count: number;
  /** Number of elements of a window. */
  readonly size: number;
}

/** The table of a geometry whose input lengths are known. */
export function windowTable(
  { window, stride, padding, dilation }: Geometry,
  input: readonly number[],
  output: readonly number[],
): WindowTable {
  const count = elementCount(output);
  const size = elementCount(window);
  const table = new Int32Array(count * size);
  for (let at = 0; at < table.length; at++) {
    let q = Math.floor(at / size);
    let r = at % size;
    let position = 0;
    let scale = 1;
    for (let axis = input.length - 1; axis >= 0; axis--) {
      const length = input[axis] as number;
      const many = output[axis] as number;
      const wide = window[axis] as number;
      const [before] = padding[axis] as readonly [number, number];
      const place =
        (q % many) * (stride[axis] as number) + (r % wide) * (dilation[axis] as number) - before;
      if (place < 0 || place >= length) position = Number.NEGATIVE_INFINITY;
      position += place * scale;
      scale *= length;
      q = Math.floor(q / many);
      r = Math.floor(r / wide);
    }
    table[at] = position >= 0 ? position : -1;
  }
  return { table, count, size };
}
