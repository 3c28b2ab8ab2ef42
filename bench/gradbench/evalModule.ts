import type { Clock } from "./clock.ts";

/** A function of an eval on one input, ready to run: inputs lie in memory, and so do the results after a run. */
export interface Prepared {
  /** What is timed. */
  readonly run: () => void;
  /** The results of the last run as the protocol writes them. */
  readonly output: () => unknown;
}

/** Makes a function ready for an input; its work is timed under names of its own. */
export type EvalFunction = (input: unknown, clock: Clock) => Prepared;

/** The functions of an eval by name. */
export type EvalModule = Readonly<Record<string, EvalFunction>>;
