import {
  add,
  cast,
  type DType,
  div,
  type Expr,
  mul,
  pow,
  sqrt,
  square,
  sub,
} from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import type { Schedule } from "../schedules/schedule.ts";
import { checkSetting, decayed, defineOptimizer, runningMean } from "./defineOptimizer.ts";
import type { Optimizer, UpdateParts } from "./optimizer.ts";

/** Settings of Adam and AdamW. */
export interface AdamOptions {
  /** 0.001 by default. */
  readonly rate?: number | Schedule;
  /** Share of the running mean of gradients that stays; 0.9 by default. */
  readonly beta1?: number;
  /** Share of the running mean of squares that stays; 0.999 by default. */
  readonly beta2?: number;
  /** ε, added to the root; 1e-8 by default. */
  readonly epsilon?: number;
  /** `adam`: λ of `½ λ ‖θ‖²` in the loss, 0 by default; `adamw`: see there, 0.01 by default. */
  readonly weightDecay?: number;
}

/**
 * Adam, `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `θ ← θ − η m̂ / (√v̂ + ε)`, where
 * `m̂ = m / (1 − β₁ᵗ)` and `v̂ = v / (1 − β₂ᵗ)` make up for the means' beginning at 0.
 *
 * Throws ArgumentError for settings out of range.
 * Source: Kingma & Ba 2015, algorithm 1; PyTorch, `Adam`.
 */
// @__NO_SIDE_EFFECTS__
export function adam(options: AdamOptions = {}): Optimizer {
  const { weightDecay = 0 } = options;
  return ofMoments("adam", options, weightDecay, (parts) => ({
    gradient: decayed(parts, weightDecay),
    from: parts.parameter,
  }));
}

/**
 * Adam with decoupled weight decay, `θ ← θ − η λ θ` beside the step of Adam.
 *
 * Throws ArgumentError for settings out of range.
 * Source: Loshchilov & Hutter 2019, algorithm 2; PyTorch, `AdamW`.
 */
// @__NO_SIDE_EFFECTS__
export function adamw(options: AdamOptions = {}): Optimizer {
  const { weightDecay = 0.01 } = options;
  return ofMoments("adamw", options, weightDecay, ({ parameter, gradient, rate }) => ({
    gradient,
    from: weightDecay === 0 ? parameter : mul(parameter, sub(1, mul(rate, weightDecay))),
  }));
}

function ofMoments(
  name: string,
  options: AdamOptions,
  weightDecay: number,
  prepare: (parts: UpdateParts) => { readonly gradient: Expr; readonly from: Expr },
): Optimizer {
  checkOptions<AdamOptions>(name, options, {
    rate: true,
    beta1: true,
    beta2: true,
    epsilon: true,
    weightDecay: true,
  });
  const { rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkSetting(name, "beta1", beta1, 0, 1);
  checkSetting(name, "beta2", beta2, 0, 1);
  checkSetting(name, "epsilon", epsilon);
  checkSetting(name, "weightDecay", weightDecay);
  return defineOptimizer({
    name,
    rate,
    settings: { beta1, beta2, epsilon, weightDecay },
    slots: { mean: { initial: 0 }, squares: { initial: 0 } },
    update: (parts) => {
      const { gradient, from } = prepare(parts);
      const mean = runningMean(beta1, parts.slots.mean, gradient);
      const squares = runningMean(beta2, parts.slots.squares, square(gradient));
      const { dtype } = parts.parameter;
      const length = div(parts.rate, correction(beta1, parts.step, dtype));
      // A product of an element costs less than a quotient.
      const share = div(1, sqrt(correction(beta2, parts.step, dtype)));
      const root = mul(sqrt(squares), share);
      const next = sub(from, mul(length, div(mean, add(root, epsilon))));
      return { next, slots: { mean, squares } };
    },
  });
}

/** `1 − βᵗ` of the t-th update, in f64 until it is known. */
function correction(beta: number, step: Expr, dtype: DType): Expr {
  const value = sub(1, pow(beta, add(step, 1)));
  return value.dtype === dtype ? value : cast(value, dtype);
}
