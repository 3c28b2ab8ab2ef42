import { add, mul, sign, sub } from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import type { Schedule } from "../schedules/schedule.ts";
import { checkSetting, defineOptimizer, runningMean } from "./defineOptimizer.ts";
import type { Optimizer } from "./optimizer.ts";

/** Settings of Lion. */
export interface LionOptions {
  /** 0.0001 by default: every element moves by it in every step. */
  readonly rate?: number | Schedule;
  /** Share of the mean in the direction of the step; 0.9 by default. */
  readonly beta1?: number;
  /** Share of the mean that stays; 0.99 by default. */
  readonly beta2?: number;
  /** λ of the decoupled decay `θ ← θ − η λ θ`; 0 by default. */
  readonly weightDecay?: number;
}

/**
 * Lion, `θ ← θ − η (sign(β₁ m + (1 − β₁) g) + λ θ)`, `m ← β₂ m + (1 − β₂) g`.
 *
 * Throws ArgumentError for settings out of range.
 * Source: Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2.
 */
// @__NO_SIDE_EFFECTS__
export function lion(options: LionOptions = {}): Optimizer {
  checkOptions<LionOptions>("lion", options, {
    rate: true,
    beta1: true,
    beta2: true,
    weightDecay: true,
  });
  const { rate = 1e-4, beta1 = 0.9, beta2 = 0.99, weightDecay = 0 } = options;
  checkSetting("lion", "beta1", beta1, 0, 1);
  checkSetting("lion", "beta2", beta2, 0, 1);
  checkSetting("lion", "weightDecay", weightDecay);
  return defineOptimizer({
    name: "lion",
    rate,
    settings: { beta1, beta2, weightDecay },
    slots: { mean: { initial: 0 } },
    update: ({ parameter, gradient, slots, rate }) => {
      const direction = sign(runningMean(beta1, slots.mean, gradient));
      const step = weightDecay === 0 ? direction : add(direction, mul(weightDecay, parameter));
      return {
        next: sub(parameter, mul(rate, step)),
        slots: { mean: runningMean(beta2, slots.mean, gradient) },
      };
    },
  });
}
