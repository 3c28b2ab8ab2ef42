import { add, cast, clip, constant, div, type Expr, min, mul, norm, stack } from "@chainrule/core";
import { checkSetting } from "./defineOptimizer.ts";

/** A change of the gradients of all parameters before the optimizer meets them. */
export type GradientTransform = (gradients: readonly Expr[]) => readonly Expr[];

/** Every element kept within −limit … limit. Throws ArgumentError unless limit ≥ 0. */
// @__NO_SIDE_EFFECTS__
export function clipByValue(limit: number): GradientTransform {
  checkSetting("clipByValue", "limit", limit);
  return (gradients) => gradients.map((gradient) => clip(gradient, -limit, limit));
}

/**
 * Gradients scaled so that their common length is at most the limit, their direction kept.
 *
 * Lengths are scaled, so that large gradients in single precision do not overflow.
 * Throws ArgumentError unless limit ≥ 0. Source: Pascanu, Mikolov & Bengio 2013; PyTorch,
 * `clip_grad_norm_`, which adds 1e-6 to the length, as here.
 */
// @__NO_SIDE_EFFECTS__
export function clipByGlobalNorm(limit: number): GradientTransform {
  checkSetting("clipByGlobalNorm", "limit", limit);
  return (gradients) => {
    if (gradients.length === 0) return gradients;
    const factor = min(div(constant(limit), add(globalNorm(gradients), 1e-6)), 1);
    return gradients.map((gradient) => mul(gradient, cast(factor, gradient.dtype)));
  };
}

/** The length of all gradients together, `√Σ gᵢ²`, an f64 scalar; 0 of none. */
export function globalNorm(gradients: readonly Expr[]): Expr {
  if (gradients.length === 0) return constant(0);
  return norm(stack(gradients.map((gradient) => cast(norm(gradient), "f64"))));
}

/** Several changes, one after another. */
// @__NO_SIDE_EFFECTS__
export function chain(...transforms: readonly GradientTransform[]): GradientTransform {
  return (gradients) => transforms.reduce((now, transform) => transform(now), gradients);
}
