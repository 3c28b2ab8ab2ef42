import { ArgumentError, describe, mul, parameter } from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import { checkFactor, checkRate } from "./decay.ts";
import type { HostInput, Schedule } from "./schedule.ts";

/** Settings of `plateau`. */
export interface PlateauOptions {
  /** What a drop leaves; 0.1 by default. */
  readonly factor?: number;
  /** Observations without improvement that are borne; the next one drops the rate. 10 by default. */
  readonly patience?: number;
  /** Share by which the best must be beaten to count; 1e-4 by default. */
  readonly threshold?: number;
  /** Observations after a drop that do not count; 0 by default. */
  readonly cooldown?: number;
  /** The rate goes no lower; 0 by default. */
  readonly least?: number;
  /** What a trainer lets it observe: the loss, or a metric; by default what suits the mode, `loss` or `accuracy`. */
  readonly monitor?: string;
  /** Whether small observations are better (by default of the loss) or large ones (by default of metrics). */
  readonly mode?: "min" | "max";
}

/** A schedule whose factor is an input that the host drives. */
export interface Plateau extends Schedule, HostInput {
  readonly hosts: readonly HostInput[];
}

/**
 * `η · factor`, where the factor drops when what is observed after every epoch ceases to improve.
 *
 * An observation that is NaN is no improvement.
 * Throws ArgumentError for settings out of range. Source: PyTorch, `ReduceLROnPlateau`.
 */
// @__NO_SIDE_EFFECTS__
export function plateau(rate: number, options: PlateauOptions = {}): Plateau {
  checkOptions<PlateauOptions>("plateau", options, {
    factor: true,
    patience: true,
    threshold: true,
    cooldown: true,
    least: true,
    monitor: true,
    mode: true,
  });
  const { factor = 0.1, patience = 10, threshold = 1e-4, cooldown = 0 } = options;
  const { least = 0 } = options;
  const { monitor = options.mode === "max" ? "accuracy" : "loss" } = options;
  const { mode = monitor === "loss" ? "min" : "max" } = options;
  if (mode !== "min" && mode !== "max") {
    throw new ArgumentError(`plateau: mode must be "min" or "max", got ${describe(mode)}`);
  }
  checkRate("plateau", rate);
  checkFactor("plateau", "factor", factor);
  for (const [name, value] of Object.entries({ patience, threshold, cooldown, least })) {
    if (value >= 0 && Number.isFinite(value)) continue;
    throw new ArgumentError(`plateau: ${name} must be a number ≥ 0, got ${value}`);
  }
  const input = parameter("rate factor");
  const start = {
    factor: 1,
    best: mode === "min" ? Number.MAX_VALUE : -Number.MAX_VALUE,
    waited: 0,
    resting: 0,
  };
  const improves = (measured: number, best: number): boolean =>
    mode === "min" ? measured < best * (1 - threshold) : measured > best * (1 + threshold);
  const drive = (): HostInput => {
    let now = start;
    return {
      input,
      monitor,
      fresh: drive,
      value: () => now.factor,
      observe: (measured) => {
        const better = improves(measured, now.best);
        const resting = Math.max(0, now.resting - 1);
        // While it rests, nothing is held against the rate.
        const waited = better || now.resting > 0 ? 0 : now.waited + 1;
        const drops = waited > patience;
        const dropped = Math.max(least / rate, now.factor * factor);
        const changed = drops && dropped < now.factor;
        now = {
          factor: changed ? dropped : now.factor,
          best: better ? measured : now.best,
          waited: drops ? 0 : waited,
          resting: drops ? cooldown : resting,
        };
        return changed;
      },
      state: () => now,
      restore: (state) => {
        const { factor, best, waited, resting } = state;
        if ([factor, best, waited, resting].some((value) => typeof value !== "number")) {
          throw new ArgumentError(
            `plateau: a state must hold ${Object.keys(start).join(", ")}, got ${Object.keys(state).join(", ")}`,
          );
        }
        now = { factor, best, waited, resting } as typeof start;
      },
    };
  };
  const host = drive();
  const schedule: Schedule = () => mul(rate, input);
  return Object.assign(schedule, host, { hosts: [host] });
}
