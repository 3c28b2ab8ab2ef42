import { ArgumentError, describe } from "@chainrule/core";
import { random } from "../random/index.ts";
import type { Trainer } from "./trainer.ts";

/** One trial of several, trained. */
export interface Trial<M extends string = string> {
  readonly trainer: Trainer<M>;
  readonly seed: number;
  /** Its error in training. */
  readonly error: number;
}

/** Options of `restarts`. */
export interface RestartOptions<M extends string = string> {
  /** Trials at most. */
  readonly attempts: number;
  /** The trials' seeds follow from it. */
  readonly seed: number;
  /** A trial's error; by default the training loss of its last epoch. */
  readonly error?: (trainer: Trainer<M>) => number;
  /** An error that is good enough: no further trial is made. */
  readonly until?: number;
}

/**
 * Several trials from random weights; the one with the lowest training error comes first.
 *
 * Gradient descent may end in a local optimum or oscillate; another start may not. `train` makes a trainer of a
 * seed, trains it and gives it back.
 */
export async function restarts<M extends string>(
  train: (seed: number, attempt: number) => Promise<Trainer<M>> | Trainer<M>,
  { attempts, seed, error = lastLoss, until }: RestartOptions<M>,
): Promise<readonly Trial<M>[]> {
  if (!Number.isSafeInteger(attempts) || attempts < 1) {
    throw new ArgumentError(
      `restarts: attempts must be a whole number ≥ 1, got ${describe(attempts)}`,
    );
  }
  const trials: Trial<M>[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const own = random(seed, "restart", attempt).integer(2 ** 31);
    const trainer = await train(own, attempt);
    const reached = error(trainer);
    trials.push({ trainer, seed: own, error: reached });
    if (until !== undefined && reached <= until) break;
  }
  // NaN is no error to be proud of.
  const rank = ({ error: reached }: Trial<M>): number =>
    Number.isNaN(reached) ? Number.POSITIVE_INFINITY : reached;
  return trials.sort((a, b) => rank(a) - rank(b) || 0);
}

function lastLoss<M extends string>({ history }: Trainer<M>): number {
  return history.at(-1)?.loss ?? Number.NaN;
}
