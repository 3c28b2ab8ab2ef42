import { add, div, type Expr, max, mul, sqrt, square, sub } from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import type { Schedule } from "../schedules/schedule.ts";
import { checkSetting, decayed, defineOptimizer, runningMean } from "./defineOptimizer.ts";
import type { Optimizer, Update, UpdateParts } from "./optimizer.ts";

/** Settings of RMSProp. */
export interface RmspropOptions {
  /** 0.01 by default. */
  readonly rate?: number | Schedule;
  /** ρ, the share of the running mean that stays; 0.99 by default. */
  readonly decay?: number;
  /** ε, added to the root; 1e-8 by default. */
  readonly epsilon?: number;
  /** Share of the last step's velocity that stays; 0 by default. */
  readonly momentum?: number;
  /** Whether the mean gradient's square is taken off, which leaves the variance. */
  readonly centered?: boolean;
  /** λ of `½ λ ‖θ‖²`, added to the loss of every step; 0 by default. */
  readonly weightDecay?: number;
}

/**
 * RMSProp, `s ← ρ s + (1 − ρ) g²`, `θ ← θ − η g / (√s + ε)`.
 *
 * Throws ArgumentError for settings out of range.
 * Source: Hinton's lecture 6e, 2012; centred: Graves 2013; PyTorch, `RMSprop`.
 */
// @__NO_SIDE_EFFECTS__
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  checkOptions<RmspropOptions>("rmsprop", options, {
    rate: true,
    decay: true,
    epsilon: true,
    momentum: true,
    centered: true,
    weightDecay: true,
  });
  const { rate = 0.01, decay = 0.99, epsilon = 1e-8, momentum = 0, weightDecay = 0 } = options;
  const { centered = false } = options;
  checkSetting("rmsprop", "decay", decay, 0, 1);
  checkSetting("rmsprop", "epsilon", epsilon);
  checkSetting("rmsprop", "momentum", momentum, 0, 1);
  checkSetting("rmsprop", "weightDecay", weightDecay);
  const zero = { initial: 0 };
  const update = (parts: UpdateParts): Update => {
    const slots = parts.slots as Readonly<Record<"squares" | "mean" | "velocity", Expr>>;
    const gradient = decayed(parts, weightDecay);
    const squares = runningMean(decay, slots.squares, square(gradient));
    const mean = centered ? runningMean(decay, slots.mean, gradient) : undefined;
    // Rounding may take the variance of equal gradients below 0.
    const spread = mean === undefined ? squares : max(sub(squares, square(mean)), 0);
    const step = div(gradient, add(sqrt(spread), epsilon));
    const velocity = momentum === 0 ? undefined : add(mul(momentum, slots.velocity), step);
    return {
      next: sub(parts.parameter, mul(parts.rate, velocity ?? step)),
      slots: { squares, ...(mean && { mean }), ...(velocity && { velocity }) },
    };
  };
  return defineOptimizer<string>({
    name: "rmsprop",
    rate,
    settings: { decay, epsilon, momentum, centered, weightDecay },
    slots: {
      squares: zero,
      ...(centered && { mean: zero }),
      ...(momentum !== 0 && { velocity: zero }),
    },
    update,
  });
}
