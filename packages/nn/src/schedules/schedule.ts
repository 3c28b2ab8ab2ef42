import type { Expr } from "@chainrule/core";

/**
 * A number that the host gives to every step, changed by what it observes after an epoch.
 *
 * A trainer binds `input` to `value()` in every step, calls `observe` after every epoch with the
 * loss or the metric `monitor` of the validation, or of the training where there is none, and keeps `state()` in checkpoints.
 */
export interface HostInput {
  /** An f64 scalar, an input of the step. */
  readonly input: Expr;
  readonly value: () => number;
  /** What it observes: `loss` unless given, or a metric by its name. */
  readonly monitor?: string;
  /** Takes notice of a number; whether the value has changed. */
  readonly observe: (measured: number) => boolean;
  /** What it remembers, as numbers by name. */
  readonly state: () => Readonly<Record<string, number>>;
  /** The same input, driven anew from the start: every trainer has one of its own. */
  readonly fresh: () => HostInput;
  /** Remembers what `state` gave. Throws ArgumentError for something else. */
  readonly restore: (state: Readonly<Record<string, number>>) => void;
}

/** The learning rate of a step, as a graph. `step` is an f64 scalar: the number of updates made before. */
export interface Schedule {
  (step: Expr): Expr;
  /** Inputs of the graph that the host drives, as `plateau` has; none when not given. */
  readonly hosts?: readonly HostInput[];
}

/** The inputs that a rate needs from the host. */
export function hostInputs(rate: number | Schedule): readonly HostInput[] {
  return typeof rate === "number" ? [] : (rate.hosts ?? []);
}
