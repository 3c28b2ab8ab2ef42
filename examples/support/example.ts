import type { ProgressBar, ProgressBarOptions } from "@chainrule/nn/node";

/** What an example found, as plain data. */
export type Result = Readonly<Record<string, number | boolean | string | readonly number[]>>;

/** What a run of an example is given. */
export interface Run {
  /** A whole number that all of its randomness follows from. */
  readonly seed: number;
  /** Where progress is shown; `quiet` shows none. */
  readonly bar: (options: ProgressBarOptions) => Pick<ProgressBar, "onBatch" | "onEpoch">;
  /** Where it says what it does meanwhile; `quiet` says nothing. */
  readonly say: (text: string) => void;
  /** A folder to read data from, in place of those it makes. */
  readonly data?: string | undefined;
}

/** An experiment of the lecture that runs within seconds or minutes. */
export interface Example<R extends Result = Result> {
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly title: string;
  /** What `reached` asks for, in words. */
  readonly goal: string;
  /** How many seeds `npm run examples` runs, where ten would take hours. */
  readonly seeds?: number;
  /** Whether it can read data from a folder. */
  readonly readsData?: boolean;
  run(options: Run): Promise<R>;
  reached(result: R): boolean;
}

/** A run without a progress bar. */
export function quiet(seed: number): Run {
  const nothing = (): void => undefined;
  return { seed, bar: () => ({ onBatch: nothing, onEpoch: nothing }), say: nothing };
}
