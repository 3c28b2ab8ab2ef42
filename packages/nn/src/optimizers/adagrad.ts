import { add, div, mul, sqrt, square, sub } from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import type { Schedule } from "../schedules/schedule.ts";
import { checkSetting, decayed, defineOptimizer } from "./defineOptimizer.ts";
import type { Optimizer } from "./optimizer.ts";

/** Settings of Adagrad. */
export interface AdagradOptions {
  /** 0.01 by default. */
  readonly rate?: number | Schedule;
  /** ε, added to the root; 1e-10 by default. */
  readonly epsilon?: number;
  /** What the sum of squares begins with; 0 by default. */
  readonly initial?: number;
  /** λ of `½ λ ‖θ‖²`, added to the loss of every step; 0 by default. */
  readonly weightDecay?: number;
}

/**
 * Adagrad, `s ← s + g²`, `θ ← θ − η g / (√s + ε)`.
 *
 * Throws ArgumentError for settings out of range.
 * Source: Duchi, Hazan & Singer 2011; PyTorch, `Adagrad`.
 */
// @__NO_SIDE_EFFECTS__
export function adagrad(options: AdagradOptions = {}): Optimizer {
  checkOptions<AdagradOptions>("adagrad", options, {
    rate: true,
    epsilon: true,
    initial: true,
    weightDecay: true,
  });
  const { rate = 0.01, epsilon = 1e-10, initial = 0, weightDecay = 0 } = options;
  checkSetting("adagrad", "epsilon", epsilon);
  checkSetting("adagrad", "initial", initial);
  checkSetting("adagrad", "weightDecay", weightDecay);
  return defineOptimizer({
    name: "adagrad",
    rate,
    settings: { epsilon, initial, weightDecay },
    slots: { squares: { initial } },
    update: (parts) => {
      const gradient = decayed(parts, weightDecay);
      const squares = add(parts.slots.squares, square(gradient));
      const step = div(gradient, add(sqrt(squares), epsilon));
      return { next: sub(parts.parameter, mul(parts.rate, step)), slots: { squares } };
    },
  });
}
