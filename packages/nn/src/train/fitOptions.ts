import type { Examples } from "./examples.ts";
import type { Measured } from "./predictor.ts";
import type { StopRule } from "./stopping.ts";
import type { TrainEngine } from "./trainEngine.ts";

/** Batches one after another, as a generator makes them. */
export type BatchSource = Iterable<Examples> | AsyncIterable<Examples>;

/** Examples; or batches; or a function that gives the batches of an epoch, from 1. */
export type Data = Examples | BatchSource | ((epoch: number) => BatchSource);

/** What an epoch measured: training loss and metrics, as they were while the parameters moved. */
export type Epoch<M extends string = string> = Measured<M> & {
  /** From 1, over all calls of `fit`. */
  readonly epoch: number;
  /** Updates made so far. */
  readonly steps: number;
  /** Time it took, validation included; not kept in checkpoints. */
  readonly seconds?: number;
  readonly validation?: Measured<M> | undefined;
  /** Why training ends with this epoch, if it does. */
  readonly stopped?: string | undefined;
};

/** An epoch with what was measured on examples held out. */
export type ValidatedEpoch<M extends string = string> = Epoch<M> & {
  readonly validation: Measured<M>;
};

/** When to stop although the loss in training falls. */
export interface EarlyStopping<M extends string = string> {
  /** Epochs without improvement that are borne. */
  readonly patience: number;
  /** What is watched on the examples held out; the loss unless given. */
  readonly monitor?: "loss" | M;
  /** Whether large values are better; for the loss small ones are, for metrics large ones. */
  readonly mode?: "min" | "max";
  /** How much better than the best counts as better; 0 unless given. */
  readonly minDelta?: number;
}

/** Where training is, for callbacks. */
export interface Progress {
  readonly epoch: number;
  readonly batch: number;
  /** Batches of the epoch, where that is known. */
  readonly batches: number | undefined;
  /** Mean loss of the epoch so far. */
  readonly loss: number;
}

/** Options of `fit`. */
export interface FitOptions<M extends string = string> {
  /** Epochs of this call; 1 unless given. */
  readonly epochs?: number;
  /** Examples a step: 1 for the lecture's algorithm, `"all"` for the whole set; min(32, examples) unless given. */
  readonly batch?: number | "all";
  /** Examples held out: a share of the data, drawn by the seed, or a set of their own. */
  readonly validation?: number | Examples;
  readonly earlyStopping?: EarlyStopping<M>;
  /** Further reasons to stop, asked after every epoch. */
  readonly stop?: StopRule | readonly StopRule[];
  /** Whether the order of examples changes every epoch; true unless given. */
  readonly shuffle?: boolean;
  /** Called after every epoch, before it is given out. */
  readonly onEpoch?: (epoch: Epoch<M>) => void | Promise<void>;
  /** Called after every step. */
  readonly onBatch?: (progress: Progress) => void | Promise<void>;
  /** What runs the steps; the trainer's own step unless given. `onBatch` is then not called. */
  readonly engine?: TrainEngine;
  /** Ends training between two steps: `fit` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Longest time in ms before the host may draw; 16 unless given. */
  readonly yieldEvery?: number;
  /** The time in ms; the platform's clock unless given. */
  readonly now?: () => number;
}
