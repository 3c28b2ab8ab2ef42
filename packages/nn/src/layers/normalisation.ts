import {
  ArgumentError,
  add,
  cast,
  type Dim,
  dimension,
  div,
  type Expr,
  max,
  mean,
  mul,
  reshape,
  ShapeError,
  sqrt,
  square,
  sub,
} from "@chainrule/core";
import { type Layer, layer, type Scope } from "../model/index.ts";
import { positive, sizeOfAxis } from "./checks.ts";

/** Options of norms. */
export interface NormOptions {
  /** Added to the variance; 1e-5 unless given. */
  readonly epsilon?: number;
  /** Whether a scale and a shift are learnt; true unless given. */
  readonly affine?: boolean;
}

/**
 * `y = γ (x − E[x]) / √(Var[x] + ε) + β` over the last axis, example by example.
 *
 * Shapes: x [..., size] → the same; scale and shift [size]. Source: Ba, Kiros & Hinton 2016.
 */
export function layerNorm({ epsilon = 1e-5, affine = true }: NormOptions = {}): Layer {
  return layer("layerNorm", (x: Expr, scope) => {
    const size = sizeOfAxis("layerNorm", x, -1);
    const out = standardised(x, [x.shape.length - 1], epsilon);
    return affine ? scaled(out, scope, size, []) : out;
  });
}

/**
 * The same over groups of channels and all axes after them, example by example.
 *
 * Shapes: x [batch, channels, ...] → the same; scale and shift [channels]. Source: Wu & He 2018.
 * Throws ShapeError unless the channels divide into the groups.
 */
export function groupNorm(
  groups: number,
  { epsilon = 1e-5, affine = true }: NormOptions = {},
): Layer {
  positive("groupNorm", "the number of groups", groups);
  return layer(
    "groupNorm",
    (x: Expr, scope) => {
      const channels = sizeOfAxis("groupNorm", x, 1);
      if (channels % groups !== 0) {
        throw new ShapeError(
          `groupNorm: the channels must divide into ${groups} groups, got ${channels}`,
        );
      }
      const rest = x.shape.slice(2);
      const apart = reshape(x, [x.shape[0] as Dim, groups, channels / groups, ...rest]);
      const axes = apart.shape.map((_, axis) => axis).slice(2);
      const out = reshape(standardised(apart, axes, epsilon), x.shape);
      return affine
        ? scaled(
            out,
            scope,
            channels,
            rest.map(() => 1),
          )
        : out;
    },
    { groups },
  );
}

/** Options of `batchNorm`. */
export interface BatchNormOptions extends NormOptions {
  /** The share of a new batch in the running statistics; 0.1 unless given. */
  readonly momentum?: number;
}

/**
 * The same over the batch and all axes after the channels, in training; by running statistics in prediction.
 *
 * The running variance is that of samples, with n − 1, and 0 of a single one. Shapes: x [batch, channels, ...] → the same; scale, shift, mean
 * and variance [channels]. Source: Ioffe & Szegedy 2015; PyTorch, `BatchNorm2d`.
 */
export function batchNorm({
  epsilon = 1e-5,
  affine = true,
  momentum = 0.1,
}: BatchNormOptions = {}): Layer {
  if (!(momentum > 0 && momentum <= 1)) {
    throw new ArgumentError(`batchNorm: momentum must lie in (0, 1], got ${momentum}`);
  }
  return layer("batchNorm", (x: Expr, scope) => {
    const channels = sizeOfAxis("batchNorm", x, 1);
    const ones = x.shape.slice(2).map(() => 1);
    const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
    const center = scope.state("mean", [channels], 0);
    const spread = scope.state("variance", [channels], 1);
    const wide = (statistic: Expr): Expr => beside(statistic, ones);
    const use = (location: Expr, variance: Expr): Expr =>
      div(sub(x, wide(location)), sqrt(add(wide(variance), epsilon)));
    let out: Expr;
    if (scope.training) {
      const location = mean(x, axes);
      const variance = mean(square(sub(x, wide(location))), axes);
      const count = axes.map((axis) => sizeExpr(x.shape[axis] as Dim)).reduce((a, b) => mul(a, b));
      const unbiased = mul(variance, cast(div(count, max(sub(count, 1), 1)), x.dtype));
      center.update(add(mul(1 - momentum, center.value), mul(momentum, location)));
      spread.update(add(mul(1 - momentum, spread.value), mul(momentum, unbiased)));
      out = use(location, variance);
    } else out = use(center.value, spread.value);
    return affine ? scaled(out, scope, channels, ones) : out;
  });
}

function sizeExpr(dim: Dim): Expr | number {
  return typeof dim === "number" ? dim : dimension(dim);
}

function standardised(x: Expr, axes: readonly number[], epsilon: number): Expr {
  const centered = sub(x, mean(x, axes, { keepDims: true }));
  const variance = mean(square(centered), axes, { keepDims: true });
  return div(centered, sqrt(add(variance, epsilon)));
}

/** `γ x + β`, one of each a channel; `ones` are the axes after the channels. */
function scaled(x: Expr, scope: Scope, size: number, ones: readonly number[]): Expr {
  const wide = (name: string, initial: number): Expr =>
    beside(scope.parameter(name, [size], initial), ones);
  return add(mul(x, wide("scale", 1)), wide("shift", 0));
}

/** One number a channel, so that it meets the channels where other axes come after them. */
function beside(row: Expr, ones: readonly number[]): Expr {
  return ones.length === 0 ? row : reshape(row, [...row.shape, ...ones]);
}
