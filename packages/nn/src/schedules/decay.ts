import {
  ArgumentError,
  add,
  clip,
  constant,
  cos,
  div,
  type Expr,
  floor,
  greaterEqual,
  min,
  mul,
  namedConstant,
  pow,
  where,
} from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import type { Schedule } from "./schedule.ts";

/** Settings of `stepDecay`. */
export interface StepDecayOptions {
  /** Steps between two drops. */
  readonly every: number;
  /** What a drop leaves; 0.1 by default. */
  readonly factor?: number;
}

/**
 * `η factor^⌊step / every⌋`: the rate drops at once, again and again.
 *
 * Throws ArgumentError for settings out of range. Source: PyTorch, `StepLR`.
 */
// @__NO_SIDE_EFFECTS__
export function stepDecay(rate: number, options: StepDecayOptions): Schedule {
  checkOptions<StepDecayOptions>("stepDecay", options, { every: true, factor: true });
  const { every, factor = 0.1 } = options;
  checkRate("stepDecay", rate);
  checkSteps("stepDecay", "every", every);
  checkFactor("stepDecay", "factor", factor);
  return (step) => mul(rate, pow(factor, floor(div(step, every))));
}

/** Settings of `dropsAt`. */
export interface DropsOptions {
  /** The steps at which the rate drops, in order. */
  readonly steps: readonly number[];
  /** What a drop leaves; 0.1 by default. */
  readonly factor?: number;
}

/**
 * `η factor^k` after the k-th of the given steps.
 *
 * Throws ArgumentError for settings out of range. Source: PyTorch, `MultiStepLR`.
 */
// @__NO_SIDE_EFFECTS__
export function dropsAt(rate: number, options: DropsOptions): Schedule {
  checkOptions<DropsOptions>("dropsAt", options, { steps: true, factor: true });
  const { steps, factor = 0.1 } = options;
  checkRate("dropsAt", rate);
  checkFactor("dropsAt", "factor", factor);
  for (const [i, at] of steps.entries()) {
    checkSteps("dropsAt", "steps", at);
    if (i > 0 && at <= (steps[i - 1] as number)) {
      throw new ArgumentError(`dropsAt: steps must increase, got ${at} after ${steps[i - 1]}`);
    }
  }
  return (step) =>
    steps.reduce<Expr>(
      (now, at, i) => where(greaterEqual(step, at), rate * factor ** (i + 1), now),
      constant(rate),
    );
}

/**
 * `η factor^step`.
 *
 * Throws ArgumentError for settings out of range. Source: PyTorch, `ExponentialLR`.
 */
// @__NO_SIDE_EFFECTS__
export function exponentialDecay(rate: number, options: { readonly factor: number }): Schedule {
  checkOptions("exponentialDecay", options, { factor: true });
  const { factor } = options;
  checkRate("exponentialDecay", rate);
  checkFactor("exponentialDecay", "factor", factor);
  return (step) => mul(rate, pow(factor, step));
}

/** Settings of `cosineDecay`. */
export interface CosineOptions {
  /** Steps until the end is reached; the rate stays there. */
  readonly steps: number;
  /** The rate at the end; 0 by default. */
  readonly end?: number;
}

/**
 * `end + ½ (η − end) (1 + cos(π step / steps))`: half a period of the cosine.
 *
 * Throws ArgumentError for settings out of range.
 * Source: Loshchilov & Hutter 2017, eq. 5; PyTorch, `CosineAnnealingLR`.
 */
// @__NO_SIDE_EFFECTS__
export function cosineDecay(rate: number, options: CosineOptions): Schedule {
  checkOptions<CosineOptions>("cosineDecay", options, { steps: true, end: true });
  const { steps, end = 0 } = options;
  checkRate("cosineDecay", rate);
  checkSteps("cosineDecay", "steps", steps);
  checkEnd("cosineDecay", end);
  return (step) => {
    const angle = mul(namedConstant("pi"), div(clip(step, 0, steps), steps));
    return add(end, mul((rate - end) / 2, add(1, cos(angle))));
  };
}

/** Settings of `linearDecay`. */
export type LinearOptions = CosineOptions;

/**
 * A straight line from η to the end. Throws ArgumentError for settings out of range.
 *
 * Source: PyTorch, `LinearLR`.
 */
// @__NO_SIDE_EFFECTS__
export function linearDecay(rate: number, options: LinearOptions): Schedule {
  checkOptions<LinearOptions>("linearDecay", options, { steps: true, end: true });
  const { steps, end = 0 } = options;
  checkRate("linearDecay", rate);
  checkSteps("linearDecay", "steps", steps);
  checkEnd("linearDecay", end);
  return (step) => add(rate, mul(end - rate, div(clip(step, 0, steps), steps)));
}

/**
 * `η min(t / w, √(w / t))` of t = step + 1 with w steps of warm-up: a rise, then an inverse root.
 *
 * Throws ArgumentError for settings out of range. Source: Vaswani et al. 2017, eq. 3, scaled to
 * peak at η.
 */
// @__NO_SIDE_EFFECTS__
export function inverseRootDecay(rate: number, options: { readonly warmup: number }): Schedule {
  checkOptions("inverseRootDecay", options, { warmup: true });
  const { warmup } = options;
  checkRate("inverseRootDecay", rate);
  checkSteps("inverseRootDecay", "warmup", warmup);
  return (step) => {
    const t = add(step, 1);
    return mul(rate, min(div(t, warmup), pow(div(warmup, t), 0.5)));
  };
}

/** Throws ArgumentError unless the rate is a number > 0. */
export function checkRate(where: string, rate: number): void {
  if (Number.isFinite(rate) && rate > 0) return;
  throw new ArgumentError(`${where}: rate must be a number > 0, got ${rate}`);
}

/** Throws ArgumentError unless a count of steps is a whole number ≥ 1. */
export function checkSteps(where: string, name: string, steps: number): void {
  if (Number.isSafeInteger(steps) && steps >= 1) return;
  throw new ArgumentError(`${where}: ${name} must be a whole number ≥ 1, got ${steps}`);
}

/** Throws ArgumentError unless a factor lies in (0, 1]. */
export function checkFactor(where: string, name: string, factor: number): void {
  if (factor > 0 && factor <= 1) return;
  throw new ArgumentError(`${where}: ${name} must be > 0 and ≤ 1, got ${factor}`);
}

function checkEnd(where: string, end: number): void {
  if (Number.isFinite(end) && end >= 0) return;
  throw new ArgumentError(`${where}: end must be a number ≥ 0, got ${end}`);
}
