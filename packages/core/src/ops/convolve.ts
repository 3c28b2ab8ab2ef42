import { ArgumentError, ShapeError } from "../errors.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { operands } from "../operands.ts";
import { type Dim, formatShape } from "../shape.ts";
import { convolution, convolutionInput, overGroups } from "./convolution.ts";
import { geometryOf, type PerAxis, perAxis, type WindowOptions } from "./windows.ts";

/** Options of a convolution. */
export interface ConvolutionOptions extends WindowOptions {
  /** Channels are divided into this many groups that do not see each other. */
  readonly groups?: number;
}

/** A convolution whose arguments are checked; `spatial` fixes the number of spatial axes. */
export function convolve(
  where: string,
  x: Operand,
  kernel: Operand,
  options: ConvolutionOptions,
  spatial: number | undefined,
): Expr {
  const [source, weights] = operands(where, [x, kernel]) as readonly [Expr, Expr];
  const { window, groups } = checkKernel(where, source, weights, options, spatial);
  const channels = source.shape[1] as Dim;
  if (overGroups(where, channels, groups) !== weights.shape[1]) {
    throw new ShapeError(
      `${where}: the kernel must have ${groups === 1 ? "the input's channels" : `1 / ${groups} of the input's channels`} on axis 1, got ${formatShape(source.shape)} and ${formatShape(weights.shape)}`,
    );
  }
  checkMultiple(where, weights.shape[0] as Dim, groups);
  const geometry = geometryOf(where, source.shape.slice(2), window, options);
  return apply(convolution.op, [source, weights], { ...geometry, groups });
}

function checkMultiple(where: string, outputs: Dim, groups: number): void {
  if (groups !== 1 && (typeof outputs !== "number" || outputs % groups !== 0)) {
    throw new ShapeError(
      `${where}: the number of kernels must be a multiple of groups (${groups}), got ${outputs}`,
    );
  }
}

function checkKernel(
  where: string,
  source: Expr,
  weights: Expr,
  options: ConvolutionOptions,
  spatial: number | undefined,
): { readonly window: readonly number[]; readonly groups: number } {
  const rank = spatial === undefined ? source.shape.length : spatial + 2;
  if (rank < 3 || source.shape.length !== rank || weights.shape.length !== rank) {
    throw new ShapeError(
      `${where}: input [batch, channels, ...] and kernel must have ${spatial === undefined ? "equally many axes, at least 3" : `${rank} axes`}, got ${formatShape(source.shape)} and ${formatShape(weights.shape)}`,
    );
  }
  const window = weights.shape.slice(2);
  if (!window.every((size) => typeof size === "number" && size > 0)) {
    throw new ShapeError(
      `${where}: a kernel's spatial sizes must be numbers > 0, got ${formatShape(weights.shape)}`,
    );
  }
  const groups = options.groups ?? 1;
  if (!Number.isSafeInteger(groups) || groups < 1) {
    throw new ArgumentError(`${where}: groups must be a whole number ≥ 1, got ${groups}`);
  }
  return { window: window as readonly number[], groups };
}

/** Convolution along one axis: x [batch, channels, width], kernel [out, channels / groups, k]. */
export function conv1d(x: Operand, kernel: Operand, options: ConvolutionOptions = {}): Expr {
  return convolve("conv1d", x, kernel, options, 1);
}

/**
 * Convolution along two axes: x [batch, channels, height, width], kernel
 * [out, channels / groups, kh, kw].
 */
export function conv2d(x: Operand, kernel: Operand, options: ConvolutionOptions = {}): Expr {
  return convolve("conv2d", x, kernel, options, 2);
}

/** Options of a transposed convolution. */
export interface TransposedConvolutionOptions {
  readonly stride?: PerAxis;
  /** What the convolution that this one transposes adds around its input. */
  readonly padding?: PerAxis | readonly (readonly [number, number])[];
  readonly dilation?: PerAxis;
  readonly groups?: number;
  /** Elements added at the end, of the several lengths that a stride leaves possible. */
  readonly outputPadding?: PerAxis;
}

/**
 * Transposed convolution along one axis: x [batch, channels, width], kernel
 * [channels, out / groups, k] → [batch, out, (width − 1) stride − padding + dilation (k − 1) + 1 + outputPadding].
 *
 * It is the derivative of `conv1d` by its input. Source: PyTorch, `ConvTranspose1d`.
 */
export function convTranspose1d(
  x: Operand,
  kernel: Operand,
  options: TransposedConvolutionOptions = {},
): Expr {
  return transposed("convTranspose1d", x, kernel, options, 1);
}

/** The same along two axes: x [batch, channels, height, width], kernel [channels, out / groups, kh, kw]. */
export function convTranspose2d(
  x: Operand,
  kernel: Operand,
  options: TransposedConvolutionOptions = {},
): Expr {
  return transposed("convTranspose2d", x, kernel, options, 2);
}

function transposed(
  where: string,
  x: Operand,
  kernel: Operand,
  { outputPadding = 0, ...options }: TransposedConvolutionOptions,
  spatial: number,
): Expr {
  const [source, weights] = operands(where, [x, kernel]) as readonly [Expr, Expr];
  const { window, groups } = checkKernel(where, source, weights, options, spatial);
  if (source.shape[1] !== weights.shape[0]) {
    throw new ShapeError(
      `${where}: the kernel must have the input's channels on axis 0, got ${formatShape(source.shape)} and ${formatShape(weights.shape)}`,
    );
  }
  checkMultiple(where, source.shape[1] as Dim, groups);
  const extra = perAxis(where, "outputPadding", outputPadding, spatial, 0);
  // The windows themselves are checked on an input that they certainly fit.
  const { stride, padding, dilation } = geometryOf(
    where,
    window.map(() => 2 ** 30),
    window,
    options,
  );
  const input = source.shape.slice(2).map((dim, axis): Dim => {
    const step = stride[axis] as number;
    if ((extra[axis] as number) >= step) {
      throw new ArgumentError(
        `${where}: outputPadding must be below stride (${step}), got ${extra[axis]}`,
      );
    }
    const [before, after] = padding[axis] as readonly [number, number];
    const span = ((window[axis] as number) - 1) * (dilation[axis] as number) + 1;
    const grown = span + (extra[axis] as number) - before - after;
    if (typeof dim === "number" && (dim - 1) * step + grown >= 0) return (dim - 1) * step + grown;
    if (typeof dim === "string" && step === 1 && grown === 1) return dim;
    throw new ShapeError(
      `${where}: the length of the result must be a number ≥ 0 or a named size unchanged, got ${formatShape(source.shape)}`,
    );
  });
  const attributes = { input, window, stride, padding, dilation, groups };
  return apply(convolutionInput.op, [source, weights], attributes);
}
