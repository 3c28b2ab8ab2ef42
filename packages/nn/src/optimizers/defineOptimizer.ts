import {
  ArgumentError,
  add,
  cast,
  constant,
  type DType,
  describe,
  type Expr,
  mul,
} from "@chainrule/core";
import type { Schedule } from "../schedules/schedule.ts";
import type { Optimizer, Slot, Update, UpdateParts } from "./optimizer.ts";

/** What a rule is made of; slots that do not depend on the parameter are given as they are. */
export interface OptimizerParts<S extends string> {
  readonly name: string;
  readonly rate: number | Schedule;
  readonly settings: Optimizer["settings"];
  readonly slots: Readonly<Record<S, Slot>>;
  readonly update: (parts: UpdateParts<S>) => Update<S>;
}

/** An optimizer whose rule knows its slots by name. Throws ArgumentError for a rate that is none. */
// @__NO_SIDE_EFFECTS__
export function defineOptimizer<const S extends string>(parts: OptimizerParts<S>): Optimizer {
  const { name, rate, settings, slots, update } = parts;
  if (typeof rate !== "function" && !(Number.isFinite(rate) && rate > 0)) {
    throw new ArgumentError(
      `${name}: rate must be a number > 0 or a schedule, got ${describe(rate)}`,
    );
  }
  return {
    name,
    rate,
    settings,
    slots: () => slots,
    // A trainer gives every slot that `slots` asks for.
    update: (given) => update(given as UpdateParts<S>),
  };
}

/** The learning rate of a step, as a scalar of the parameter's type. */
export function rateAt({ rate }: Pick<Optimizer, "rate">, step: Expr, dtype: DType): Expr {
  if (typeof rate === "number") return constant(rate, dtype);
  const value = rate(step);
  return value.dtype === dtype ? value : cast(value, dtype);
}

/** Throws ArgumentError unless the setting lies in `[low, high)`. */
export function checkSetting(
  where: string,
  name: string,
  value: number,
  low = 0,
  high: number = Number.POSITIVE_INFINITY,
): void {
  if (typeof value === "number" && value >= low && value < high) return;
  const range = high === Number.POSITIVE_INFINITY ? "" : ` and < ${high}`;
  throw new ArgumentError(`${where}: ${name} must be ≥ ${low}${range}, got ${describe(value)}`);
}

/** `g + λ θ`, the gradient with that of `½ λ ‖θ‖²`. */
export function decayed({ gradient, parameter }: UpdateParts, weightDecay: number): Expr {
  return weightDecay === 0 ? gradient : add(gradient, mul(weightDecay, parameter));
}

/** `β a + (1 − β) b`, a running mean. */
export function runningMean(share: number, before: Expr, value: Expr): Expr {
  return add(mul(share, before), mul(1 - share, value));
}
