import type { Tensor } from "@chainrule/core";
import type { StepResult } from "./stepResult.ts";
import type { Trainer } from "./trainer.ts";

/** What an engine elsewhere is to train: examples, how they are divided, and for how long. */
export interface TrainJob {
  /** Holds the state to begin with; the engine puts the state of every epoch back into it. */
  readonly trainer: Trainer;
  /** Examples along the first axis, by the names of the program's inputs; targets as `target`. */
  readonly examples: Readonly<Record<string, Tensor>>;
  readonly count: number;
  /** Examples a step. */
  readonly batch: number;
  /** Epochs of this call. */
  readonly epochs: number;
  /** In which order the examples of an epoch (from 1, over all calls) are taken. */
  readonly order: (epoch: number) => Int32Array;
  readonly signal: AbortSignal | undefined;
}

/** What an epoch elsewhere measured. */
export interface EngineEpoch {
  /** The sums of an epoch: the loss times rows, and the totals of each metric. */
  readonly result: StepResult;
  readonly rows: number;
}

/**
 * Runs the steps of `fit` elsewhere: on several processes, on other machines.
 *
 * It gives one result an epoch, having set the trainer's state to that of the epoch's end. When the
 * reader stops early, its `return` ends what still runs.
 */
export interface TrainEngine {
  readonly name: string;
  readonly train: (job: TrainJob) => AsyncIterable<EngineEpoch>;
}
