import {
  ArgumentError,
  add,
  broadcastTo,
  cast,
  constant,
  type Dim,
  div,
  type Expr,
  iota,
  mul,
  pad,
  reshape,
  slice,
  square,
} from "@chainrule/core";
import {
  averagePool,
  convolution,
  convolutionInput,
  maxPool,
  maxPoolSelect,
} from "@chainrule/core/conv";
import type { ImportRule, ImportRules, NodeReading } from "../nodeReading.ts";
import { fixed } from "./movement.ts";

type Pads = readonly (readonly [number, number])[];

/** Where windows lie, in core's words. */
interface Windows {
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: Pads;
  /** How much of the padding at the ends is there only so that the last window is whole. */
  readonly extra: readonly number[];
}

/** Windows from a node's attributes, over spatial lengths. */
function windowsOf(n: NodeReading, input: readonly Dim[], kernel: readonly number[]): Windows {
  const { attributes } = n;
  const ones = kernel.map(() => 1);
  const stride = attributes.numbers("strides", ones);
  const dilation = attributes.numbers("dilations", ones);
  const spans = kernel.map((size, i) => (size - 1) * (dilation[i] ?? 1) + 1);
  const auto = attributes.text("auto_pad", "NOTSET");
  const given = attributes.numbers(
    "pads",
    kernel.flatMap(() => [0, 0]),
  );
  const rank = kernel.length;
  const padding =
    auto === "SAME_UPPER" || auto === "SAME_LOWER"
      ? input.map((dim, i) =>
          same(dim, spans[i] as number, stride[i] as number, auto === "SAME_LOWER"),
        )
      : kernel.map((_, i) =>
          auto === "VALID" ? ([0, 0] as const) : ([given[i] ?? 0, given[i + rank] ?? 0] as const),
        );
  const ceil = attributes.number("ceil_mode", 0) !== 0;
  const extra = input.map((dim, i) =>
    ceil
      ? missing(
          fixed(dim, "a pooled axis"),
          spans[i] as number,
          stride[i] as number,
          padding[i] as readonly [number, number],
        )
      : 0,
  );
  return { window: kernel, stride, dilation, padding, extra };
}

/** So much around that there are ⌈length / stride⌉ windows. */
function same(dim: Dim, span: number, stride: number, lower: boolean): readonly [number, number] {
  const length = stride === 1 ? 0 : fixed(dim, "a padded axis");
  const total =
    stride === 1
      ? span - 1
      : Math.max((Math.ceil(length / stride) - 1) * stride + span - length, 0);
  const small = Math.floor(total / 2);
  return lower ? [total - small, small] : [small, total - small];
}

/** Elements missing at the end for a last window that begins inside. */
function missing(
  length: number,
  span: number,
  stride: number,
  [before, after]: readonly [number, number],
): number {
  const room = length + before + after - span;
  // One window there is, if it does not lack a whole step.
  if (room < 0) return room > -stride ? -room : 0;
  const rest = room % stride;
  if (rest === 0) return 0;
  const start = (Math.floor(room / stride) + 1) * stride;
  // A window that would begin in the padding at the end is none.
  return start >= length + before ? 0 : stride - rest;
}

const widened = (padding: Pads, extra: readonly number[]): Pads =>
  padding.map(([before, after], i) => [before, after + (extra[i] ?? 0)] as const);

const spatial = (x: Expr): readonly Dim[] => x.shape.slice(2);

/** A value for each channel, beside spatial axes. */
const perChannel = (x: Expr, rank: number): Expr =>
  reshape(x, [x.shape[0] as Dim, ...new Array<number>(rank - 2).fill(1)]);

const numbersOf = (dims: readonly Dim[], what: string): number[] =>
  dims.map((dim) => fixed(dim, what));

const conv: ImportRule = (n) => {
  const [x, kernel] = [n.x(0), n.x(1)];
  const { stride, dilation, padding } = windowsOf(
    n,
    spatial(x),
    numbersOf(spatial(kernel), "a kernel's size"),
  );
  const groups = n.attributes.number("group", 1);
  const made = convolution(x, kernel, { stride, dilation, padding, groups });
  return n.has(2) ? add(made, perChannel(n.x(2), made.shape.length)) : made;
};

/** The transposed convolution: the derivative of one by its input. */
const convTranspose: ImportRule = (n) => {
  const [y, kernel] = [n.x(0), n.x(1)];
  const window = numbersOf(spatial(kernel), "a kernel's size");
  const ones = window.map(() => 1);
  const stride = n.attributes.numbers("strides", ones);
  const dilation = n.attributes.numbers("dilations", ones);
  const groups = n.attributes.number("group", 1);
  const more = n.attributes.numbers(
    "output_padding",
    ones.map(() => 0),
  );
  const full = spatial(y).map((dim, i) => {
    const span = ((window[i] as number) - 1) * (dilation[i] as number) + 1;
    return (fixed(dim, "an axis of a transposed convolution") - 1) * (stride[i] as number) + span;
  });
  const given = n.attributes.numbers(
    "pads",
    window.flatMap(() => [0, 0]),
  );
  const wanted = n.attributes.has("output_shape")
    ? n.attributes.numbers("output_shape").slice(-window.length)
    : undefined;
  const auto = n.attributes.text("auto_pad", "NOTSET");
  const rank = window.length;
  const sizes = full.map((length, i) => {
    if (wanted !== undefined) return wanted[i] as number;
    if (auto.startsWith("SAME")) return (spatial(y)[i] as number) * (stride[i] as number);
    const [before, after] = auto === "VALID" ? [0, 0] : [given[i] ?? 0, given[i + rank] ?? 0];
    return length + (more[i] as number) - before - after;
  });
  const padding = full.map((length, i): readonly [number, number] => {
    const total = length + (more[i] as number) - (sizes[i] as number);
    if (wanted === undefined && !auto.startsWith("SAME"))
      return [given[i] ?? 0, given[i + rank] ?? 0];
    const small = Math.floor(total / 2);
    return auto === "SAME_UPPER" ? [small, total - small] : [total - small, small];
  });
  const made = convolutionInput(y, kernel, {
    input: sizes,
    window,
    stride,
    padding,
    dilation,
    groups,
  });
  return n.has(2) ? add(made, perChannel(n.x(2), made.shape.length)) : made;
};

/** The largest of each window, and where it is among all elements of the input. */
const largest: ImportRule = (n) => {
  const x = n.x();
  const windows = windowsOf(n, spatial(x), n.attributes.numbers("kernel_shape"));
  const { window, stride, dilation, padding, extra } = windows;
  const geometry = {
    input: spatial(x),
    window,
    stride,
    padding: widened(padding, extra),
    dilation,
  };
  const made = maxPool(x, geometry);
  if (!n.wants(1)) return made;
  if (n.attributes.number("storage_order", 0) !== 0) {
    throw new ArgumentError("places must be counted row by row, got storage_order 1");
  }
  return [made, cast(maxPoolSelect(x, placesIn(x), geometry), "i32")];
};

/** The place of each element among all, row by row, as a float. */
function placesIn(x: Expr): Expr {
  let out: Expr = constant(0, "f64");
  let stride = 1;
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    const dim = x.shape[axis] as Dim;
    const sizes = x.shape.map((_, i) => (i === axis ? dim : 1));
    out = add(out, reshape(mul(iota(dim, "f64"), stride), sizes));
    if (axis > 0) stride *= fixed(dim, "a pooled axis");
  }
  return broadcastTo(out, x.shape);
}

const average: ImportRule = (n) => {
  const x = n.x();
  const windows = windowsOf(n, spatial(x), n.attributes.numbers("kernel_shape"));
  const { window, stride, dilation, padding, extra } = windows;
  const countPadding = n.attributes.number("count_include_pad", 0) !== 0;
  const geometry = {
    window,
    stride,
    dilation,
    padding: widened(padding, extra),
  };
  if (!countPadding || extra.every((more) => more === 0)) {
    return averagePool(x, { ...geometry, input: spatial(x), countPadding });
  }
  // What only completes the last window does not count, what is asked for does: means of both by their shares.
  const source = pad(x, [0, 0, ...padding]);
  const inner = {
    ...geometry,
    input: spatial(source),
    padding: extra.map((more) => [0, more]),
  };
  return averagePool(source, { ...inner, countPadding: false });
};

/** `x / (bias + α / size · Σ x²)^β` over neighbouring channels. */
const localResponse: ImportRule = (n) => {
  const x = n.x();
  const size = n.attributes.number("size");
  const alpha = n.attributes.number("alpha", 0.0001);
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const channels = fixed(x.shape[1], "the number of channels");
  const squares = pad(
    square(x),
    x.shape.map((_, axis) => (axis === 1 ? [before, after] : 0)),
  );
  let total: Expr | undefined;
  for (let i = 0; i < size; i++) {
    const part = slice(squares, 1, i, i + channels);
    total = total === undefined ? part : add(total, part);
  }
  const sums = total ?? broadcastTo(constant(0, x.dtype), x.shape);
  const scale = add(n.attributes.number("bias", 1), mul(alpha / size, sums));
  return div(x, scale.pow(n.attributes.number("beta", 0.75)));
};

/** Convolution and pooling. */
export const windows: ImportRules = {
  AveragePool: average,
  Conv: conv,
  ConvTranspose: convTranspose,
  LRN: localResponse,
  MaxPool: largest,
};
