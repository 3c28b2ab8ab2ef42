import {
  abs,
  add,
  clip,
  div,
  type Expr,
  elu,
  type KinkOptions,
  mul,
  softplus,
  tanh,
} from "@chainrule/core";

/** An activation: elementwise, or along the last axis. */
export type Activation = (x: Expr) => Expr;

/** `x`, for a layer that only adds and multiplies. */
export const identity: Activation = (x) => x;

/**
 * α and λ for which mean 0 and variance 1 are a fixed point of a layer.
 * Source: Klambauer, Unterthiner, Mayr & Hochreiter 2017, eq. 14; digits of their implementation.
 */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/**
 * Scaled exponential linear unit, `λ x` for x ≥ 0, else `λ α (eˣ − 1)`: keeps mean 0 and variance 1.
 *
 * Derivative λ at 0; with `atZero: 0` that of the left branch, as in PyTorch.
 * Source: Klambauer, Unterthiner, Mayr & Hochreiter 2017.
 */
export function selu(x: Expr, options: KinkOptions = {}): Expr {
  return mul(SELU_SCALE, elu(x, { ...options, alpha: SELU_ALPHA }));
}

/** `x tanh(softplus(x))`: smooth, with a dip left of 0. Source: Misra 2019; PyTorch, `Mish`. */
export const mish: Activation = (x) => mul(x, tanh(softplus(x)));

/** `x / (1 + |x|)`: like tanh, but flattens slowly. Source: PyTorch, `Softsign`. */
export const softsign: Activation = (x) => div(x, add(1, abs(x)));

/** `x` kept within −1 … 1; derivative 1 at the bounds. Source: PyTorch, `Hardtanh`. */
export const hardTanh: Activation = (x) => clip(x, -1, 1);

/** `x/6 + ½` kept within 0 … 1; derivative 1/6 at the bounds. Source: PyTorch, `Hardsigmoid`. */
export const hardSigmoid: Activation = (x) => clip(add(div(x, 6), 0.5), 0, 1);
