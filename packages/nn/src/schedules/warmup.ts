import { ArgumentError, add, clip, constant, div, max, mul, sub } from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import { checkRate, checkSteps } from "./decay.ts";
import { hostInputs, type Schedule } from "./schedule.ts";

/** Settings of `warmup`. */
export interface WarmupOptions {
  /** Steps until the full rate is reached. */
  readonly steps: number;
  /** Share of the rate in the first step; 0 by default. */
  readonly from?: number;
}

/**
 * A straight rise to a rate, or to the start of a schedule that begins after it:
 * `η(max(0, step − steps)) (from + (1 − from) min(1, step / steps))`.
 *
 * Throws ArgumentError for settings out of range.
 * Source: Goyal et al. 2017, section 2.2; PyTorch, `LinearLR` in `SequentialLR`.
 */
// @__NO_SIDE_EFFECTS__
export function warmup(rate: number | Schedule, options: WarmupOptions): Schedule {
  checkOptions<WarmupOptions>("warmup", options, { steps: true, from: true });
  const { steps, from = 0 } = options;
  checkSteps("warmup", "steps", steps);
  if (!(from >= 0 && from <= 1)) {
    throw new ArgumentError(`warmup: from must lie in 0 … 1, got ${from}`);
  }
  if (typeof rate === "number") checkRate("warmup", rate);
  const schedule: Schedule = (step) => {
    const later = typeof rate === "number" ? constant(rate) : rate(max(sub(step, steps), 0));
    const share = add(from, mul(1 - from, div(clip(step, 0, steps), steps)));
    return mul(later, share);
  };
  return Object.assign(schedule, { hosts: hostInputs(rate) });
}
