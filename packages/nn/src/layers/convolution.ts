import { ArgumentError, describe, type Expr, reshape, ShapeError } from "@chainrule/core";
import {
  type ConvolutionOptions,
  conv1d as convolve1d,
  conv2d as convolve2d,
  type PerAxis,
  type TransposedConvolutionOptions,
  convTranspose1d as transpose1d,
  convTranspose2d as transpose2d,
} from "@chainrule/core/conv";
import { glorotUniform, type Initial } from "../initialisers/index.ts";
import { type Layer, type LayerLike, layer, type Scope } from "../model/index.ts";
import { checkOptions } from "../options/index.ts";
import { needsAxes, positive, sizeOfAxis } from "./checks.ts";

/** Options that all convolutions share. */
export interface ConvLayerOptions extends ConvolutionOptions {
  readonly activation?: LayerLike;
  /** Initially Glorot's uniform. */
  readonly weight?: Initial;
  /** Initially 0; `false` for none. */
  readonly bias?: Initial | false;
}

/** Options of transposed convolutions. */
export interface ConvTransposeOptions extends TransposedConvolutionOptions {
  readonly activation?: LayerLike;
  /** Initially Glorot's uniform. */
  readonly weight?: Initial;
  /** Initially 0; `false` for none. */
  readonly bias?: Initial | false;
}

/**
 * Convolution along one axis, `y = f(K ∗ x + b)`.
 *
 * Shapes: x [batch, channels, width] → y [batch, filters, width′]; weight [filters, channels / groups, k]; bias
 * [filters].
 */
export function conv1d(filters: number, kernel: number, options: ConvLayerOptions = {}): Layer {
  return convolution("conv1d", filters, kernel, options, axes1d, convolve1d);
}

/**
 * Convolution along two axes, `y = f(K ∗ x + b)`.
 *
 * Shapes: x [batch, channels, height, width] → y [batch, filters, height′, width′]; weight [filters, channels /
 * groups, kh, kw]; bias [filters]. `padding: "same"` keeps height and width.
 */
export function conv2d(filters: number, kernel: PerAxis, options: ConvLayerOptions = {}): Layer {
  return convolution("conv2d", filters, kernel, options, axes2d, convolve2d);
}

/** Transposed convolution along one axis, from fewer elements to more: weight [channels, filters / groups, k]. */
export function convTranspose1d(
  filters: number,
  kernel: number,
  options: ConvTransposeOptions = {},
): Layer {
  return transposed("convTranspose1d", filters, kernel, options, axes1d, transpose1d);
}

/** Transposed convolution along two axes: weight [channels, filters / groups, kh, kw]. */
export function convTranspose2d(
  filters: number,
  kernel: PerAxis,
  options: ConvTransposeOptions = {},
): Layer {
  return transposed("convTranspose2d", filters, kernel, options, axes2d, transpose2d);
}

const known = {
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
  activation: true,
  weight: true,
  bias: true,
} as const;

const axes1d = ["batch", "channels", "width"] as const;
const axes2d = ["batch", "channels", "height", "width"] as const;

function convolution(
  name: string,
  filters: number,
  kernel: PerAxis,
  options: ConvLayerOptions,
  axes: readonly string[],
  convolve: (x: Expr, weight: Expr, options: ConvolutionOptions) => Expr,
): Layer {
  checkOptions<ConvLayerOptions>(name, options, known);
  const { activation, weight = glorotUniform(), bias = 0, ...geometry } = options;
  const window = windowOf(name, filters, kernel, axes);
  const groups = groupsOf(name, options);
  const build = (x: Expr, scope: Scope): Expr => {
    needsAxes(name, x, axes);
    const channels = sizeOfAxis(name, x, 1);
    if (channels % groups !== 0) {
      throw new ShapeError(
        `${name}: the channels must divide into ${groups} groups, got ${channels}`,
      );
    }
    const sizes = [filters, channels / groups, ...window];
    const kernels = scope.parameter("weight", sizes, weight);
    return finish(convolve(x, kernels, geometry), filters, bias, activation, scope);
  };
  return layer(name, build, { filters, kernel: window.join("×") });
}

function transposed(
  name: string,
  filters: number,
  kernel: PerAxis,
  options: ConvTransposeOptions,
  axes: readonly string[],
  convolve: (x: Expr, weight: Expr, options: TransposedConvolutionOptions) => Expr,
): Layer {
  checkOptions<ConvTransposeOptions>(name, options, { ...known, outputPadding: true });
  const { activation, weight = glorotUniform(), bias = 0, ...geometry } = options;
  const window = windowOf(name, filters, kernel, axes);
  const groups = groupsOf(name, options);
  const build = (x: Expr, scope: Scope): Expr => {
    needsAxes(name, x, axes);
    const channels = sizeOfAxis(name, x, 1);
    const kernels = scope.parameter("weight", [channels, filters / groups, ...window], weight);
    return finish(convolve(x, kernels, geometry), filters, bias, activation, scope);
  };
  return layer(name, build, { filters, kernel: window.join("×") });
}

function windowOf(
  name: string,
  filters: number,
  kernel: PerAxis,
  axes: readonly string[],
): readonly number[] {
  positive(name, "the number of filters", filters);
  const window = typeof kernel === "number" ? axes.slice(2).map(() => kernel) : kernel;
  if (!Array.isArray(window) || window.length !== axes.length - 2) {
    throw new ArgumentError(
      `${name}: the kernel must be a size, or one for each of ${axes.slice(2).join(", ")}, got ${describe(kernel)}`,
    );
  }
  for (const size of window) positive(name, "the size of a kernel", size);
  return window;
}

function groupsOf(name: string, { groups = 1 }: { readonly groups?: number }): number {
  positive(name, "groups", groups);
  return groups;
}

function finish(
  convolved: Expr,
  filters: number,
  bias: Initial | false,
  activation: LayerLike | undefined,
  scope: Scope,
): Expr {
  let out = convolved;
  if (bias !== false) {
    const ones = new Array<number>(convolved.shape.length - 2).fill(1);
    out = out.add(reshape(scope.parameter("bias", [filters], bias), [filters, ...ones]));
  }
  return activation === undefined ? out : scope.use(activation)(out);
}
