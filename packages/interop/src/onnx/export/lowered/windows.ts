import {
  cast,
  constant,
  type Dim,
  div,
  type Expr,
  einsum,
  full,
  pad,
  reshape,
  type Shape,
  segmentSum,
  slice,
  take,
} from "@chainrule/core";
import { convolution, convolutionInput } from "@chainrule/core/conv";

/*
 * Convolutions as matrix products over windows taken out by index, and means of windows as convolutions:
 * for double precision, in which ONNX Runtime has no convolution, and for derivatives that ONNX lacks.
 */

/** The attributes of convolutions and pooling. */
export interface Geometry {
  readonly input: readonly Dim[];
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly countPadding: boolean;
}

/** The geometry of a node. */
export function geometryOf({ attributes }: Expr): Geometry {
  return attributes as unknown as Geometry;
}

/** Whether all spatial lengths are numbers, so that windows can be tables. */
export function isFixed(geometry: Geometry): boolean {
  return geometry.input.every((dim) => typeof dim === "number");
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** Spatial lengths with the padding. */
function padded({ input, padding }: Geometry): readonly number[] {
  return input.map((dim, i) => {
    const [before, after] = padding[i] as readonly [number, number];
    return (dim as number) + before + after;
  });
}

/** For window q and its element r the place in the padded input, as a table [q, r]. */
function places(geometry: Geometry, windows: readonly number[]): Expr {
  const { window, stride, dilation } = geometry;
  const lengths = padded(geometry);
  const rows: number[][] = [];
  for (let q = 0; q < product(windows); q++) {
    const row: number[] = [];
    for (let r = 0; r < product(window); r++) {
      let [restQ, restR, place, scale] = [q, r, 0, 1];
      for (let axis = lengths.length - 1; axis >= 0; axis--) {
        const many = windows[axis] as number;
        const wide = window[axis] as number;
        const at = (restQ % many) * (stride[axis] as number);
        place += (at + (restR % wide) * (dilation[axis] as number)) * scale;
        scale *= lengths[axis] as number;
        restQ = Math.floor(restQ / many);
        restR = Math.floor(restR / wide);
      }
      row.push(place);
    }
    rows.push(row);
  }
  return constant(rows, "i32");
}

function inType(x: Expr, dtype: Expr["dtype"]): Expr {
  return x.dtype === dtype ? x : cast(x, dtype);
}

const numbers = (shape: Shape): readonly number[] => shape as readonly number[];

/** x [n, g C, ...] as its windows [n, g, C, q, r]. */
function windowsOf(x: Expr, geometry: Geometry, windows: readonly number[]): Expr {
  const [n, channels] = x.shape as readonly [Dim, number];
  const { groups } = geometry;
  const around = pad(x, [0, 0, ...geometry.padding]);
  const flat = reshape(around, [n, channels, product(padded(geometry))]);
  const taken = take(flat, places(geometry, windows), 2);
  return reshape(taken, [n, groups, channels / groups, ...taken.shape.slice(2)]);
}

/** A kernel [g O, C, ...] as [g, O, C, r]. */
function kernelOf(k: Expr, { groups }: Geometry): Expr {
  const [outputs, channels, ...window] = numbers(k.shape) as [number, number, ...number[]];
  return reshape(k, [groups, outputs / groups, channels, product(window)]);
}

/** y [n, g O, ...] as [n, g, O, q]. */
function outputOf(y: Expr, { groups }: Geometry): Expr {
  const [n, outputs, ...windows] = y.shape as readonly [Dim, number, ...number[]];
  return reshape(y, [n, groups, outputs / groups, product(windows)]);
}

/** `convolution` */
export function convolutionOf(node: Expr): Expr {
  const geometry = geometryOf(node);
  const [x, k] = node.args.map((arg) => inType(arg, node.dtype)) as [Expr, Expr];
  const columns = windowsOf(x, geometry, numbers(node.shape.slice(2)));
  return reshape(einsum("ngcqr,gocr->ngoq", columns, kernelOf(k, geometry)), node.shape);
}

/** `convolutionKernel` */
export function convolutionKernelOf(node: Expr): Expr {
  const geometry = geometryOf(node);
  const [x, y] = node.args.map((arg) => inType(arg, node.dtype)) as [Expr, Expr];
  const columns = windowsOf(x, geometry, numbers(y.shape.slice(2)));
  return reshape(einsum("ngcqr,ngoq->gocr", columns, outputOf(y, geometry)), node.shape);
}

/** `convolutionInput`: products by window, added where windows overlap, without the padding. */
export function convolutionInputOf(node: Expr): Expr {
  const geometry = geometryOf(node);
  const [y, k] = node.args.map((arg) => inType(arg, node.dtype)) as [Expr, Expr];
  const columns = einsum("ngoq,gocr->ngcqr", outputOf(y, geometry), kernelOf(k, geometry));
  const [n, channels] = node.shape as readonly [Dim, number];
  const rows = reshape(columns, [n, channels, ...columns.shape.slice(3)]);
  const windows = numbers(y.shape.slice(2));
  const lengths = padded(geometry);
  const sums = segmentSum(rows, places(geometry, windows), product(lengths), 2);
  let out = reshape(sums, [n, channels, ...lengths]);
  for (const [axis, [before]] of geometry.padding.entries()) {
    const length = geometry.input[axis] as number;
    out = slice(out, axis + 2, before, before + length);
  }
  return out;
}

/** How many elements each window has: of the input, or with the padding. */
function counts(geometry: Geometry, dtype: Expr["dtype"]): Expr | number {
  const whole = product(geometry.window);
  if (geometry.countPadding || geometry.padding.flat().every((width) => width === 0)) return whole;
  const ones = full(1, [1, 1, ...geometry.input], dtype);
  return convolution(ones, full(1, [1, 1, ...geometry.window], dtype), optionsOf(geometry, 1));
}

function optionsOf({ stride, padding, dilation }: Geometry, groups: number): object {
  return { stride, padding, dilation, groups };
}

/** A kernel of ones for every channel. */
function ones({ shape }: Expr, { window }: Geometry, dtype: Expr["dtype"]): Expr {
  return full(1, [shape[1] as Dim, 1, ...window], dtype);
}

/** `averagePool` as a sum by a kernel of ones. */
export function averagePoolOf(node: Expr): Expr {
  const geometry = geometryOf(node);
  const x = inType(node.args[0] as Expr, node.dtype);
  const kernel = ones(x, geometry, node.dtype);
  const sums = convolution(x, kernel, optionsOf(geometry, x.shape[1] as number));
  return div(sums, counts(geometry, node.dtype));
}

/** `averagePoolSpread`: the shares, spread by the kernel of ones. */
export function averagePoolSpreadOf(node: Expr): Expr {
  const geometry = geometryOf(node);
  const y = node.args[0] as Expr;
  const shares = div(y, counts(geometry, node.dtype));
  const { input, window, stride, padding, dilation } = geometry;
  const groups = y.shape[1] as number;
  const attributes = { input, window, stride, padding, dilation, groups };
  return convolutionInput(shares, ones(y, geometry, node.dtype), attributes);
}
