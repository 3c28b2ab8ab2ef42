import { add, mul, sub } from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import type { Schedule } from "../schedules/schedule.ts";
import { checkSetting, decayed, defineOptimizer } from "./defineOptimizer.ts";
import type { Optimizer } from "./optimizer.ts";

/** Settings of gradient descent. */
export interface GradientDescentOptions {
  readonly rate: number | Schedule;
  /** λ of `½ λ ‖θ‖²`, added to the loss of every step; 0 by default. */
  readonly weightDecay?: number;
}

/**
 * Gradient descent, `θ ← θ − η g`.
 *
 * Throws ArgumentError for settings out of range. Source: the lecture, "training".
 */
// @__NO_SIDE_EFFECTS__
export function gradientDescent(options: GradientDescentOptions): Optimizer {
  checkOptions<GradientDescentOptions>("gradientDescent", options, {
    rate: true,
    weightDecay: true,
  });
  const { rate, weightDecay = 0 } = options;
  checkSetting("gradientDescent", "weightDecay", weightDecay);
  return defineOptimizer({
    name: "gradientDescent",
    rate,
    settings: { weightDecay },
    slots: {},
    update: (parts) => ({
      next: sub(parts.parameter, mul(parts.rate, decayed(parts, weightDecay))),
      slots: {},
    }),
  });
}

/** Settings of gradient descent with momentum. */
export interface MomentumOptions extends GradientDescentOptions {
  /** μ, the share of the last step's velocity that stays; 0.9 by default. */
  readonly momentum?: number;
}

/**
 * Gradient descent with momentum, `v ← μ v + g`, `θ ← θ − η v`.
 *
 * Throws ArgumentError for settings out of range.
 * Source: Polyak 1964, in the form of PyTorch's `SGD`, whose velocity is free of the rate.
 */
// @__NO_SIDE_EFFECTS__
export function momentum(options: MomentumOptions): Optimizer {
  return withVelocity("momentum", options, false);
}

/**
 * Nesterov's momentum, `v ← μ v + g`, `θ ← θ − η (g + μ v)`: the gradient as if one step ahead.
 *
 * Throws ArgumentError for settings out of range.
 * Source: Sutskever, Martens, Dahl & Hinton 2013, in the form of PyTorch's `SGD`.
 */
// @__NO_SIDE_EFFECTS__
export function nesterov(options: MomentumOptions): Optimizer {
  return withVelocity("nesterov", options, true);
}

function withVelocity(name: string, options: MomentumOptions, ahead: boolean): Optimizer {
  checkOptions<MomentumOptions>(name, options, { rate: true, momentum: true, weightDecay: true });
  const { rate, momentum: share = 0.9, weightDecay = 0 } = options;
  checkSetting(name, "momentum", share, 0, 1);
  checkSetting(name, "weightDecay", weightDecay);
  return defineOptimizer({
    name,
    rate,
    settings: { momentum: share, weightDecay },
    slots: { velocity: { initial: 0 } },
    update: (parts) => {
      const gradient = decayed(parts, weightDecay);
      const velocity = add(mul(share, parts.slots.velocity), gradient);
      const direction = ahead ? add(gradient, mul(share, velocity)) : velocity;
      return { next: sub(parts.parameter, mul(parts.rate, direction)), slots: { velocity } };
    },
  });
}
