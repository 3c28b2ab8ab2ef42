import { add, mul, sign, sub } from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import { checkSetting } from "./defineOptimizer.ts";
import type { Optimizer, Update, UpdateParts } from "./optimizer.ts";

/** How large weights are made to cost. */
export interface PenaltyOptions {
  /** λ₁ of `λ₁ Σ |θ|` in the loss, which makes weights 0; 0 by default. */
  readonly l1?: number;
  /** λ₂ of `½ λ₂ Σ θ²` in the loss; 0 by default. */
  readonly l2?: number;
  /** λ of a decay beside the optimizer's step, `θ ← θ − η λ θ`; 0 by default. */
  readonly decay?: number;
}

/**
 * An optimizer whose weights cost: its gradient is `g + λ₁ sign θ + λ₂ θ`, and its step is followed by decay.
 *
 * Parameters of one axis, such as biases, go free. At a weight of 0 the penalty `|θ|` has slope 0.
 * Throws ArgumentError for settings below 0. Source: Hastie, Tibshirani & Friedman 2009, 3.4; Loshchilov & Hutter 2019.
 */
// @__NO_SIDE_EFFECTS__
export function penalised(optimizer: Optimizer, options: PenaltyOptions): Optimizer {
  checkOptions<PenaltyOptions>("penalised", options, { l1: true, l2: true, decay: true });
  const { l1 = 0, l2 = 0, decay = 0 } = options;
  for (const [name, value] of Object.entries({ l1, l2, decay })) {
    checkSetting("penalised", name, value);
  }
  const update = (parts: UpdateParts): Update => {
    const { parameter, rate } = parts;
    let { gradient } = parts;
    if (parameter.shape.length < 2) return optimizer.update(parts);
    if (l1 > 0) gradient = add(gradient, mul(l1, sign(parameter)));
    if (l2 > 0) gradient = add(gradient, mul(l2, parameter));
    const moved = optimizer.update({ ...parts, gradient });
    if (decay === 0) return moved;
    return { ...moved, next: sub(moved.next, mul(mul(rate, decay), parameter)) };
  };
  return { ...optimizer, settings: { ...optimizer.settings, l1, l2, decay }, update };
}
