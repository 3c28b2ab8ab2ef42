import { ArgumentError, describe } from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import { type Examples, tableOf } from "./examples.ts";
import type { Epoch } from "./fitOptions.ts";
import type { Trainer } from "./trainer.ts";

/** What a rule may look at, after an epoch. */
export interface StopView {
  /** All epochs so far, the last one included. */
  readonly history: readonly Epoch[];
  readonly trainer: Trainer;
  /** The examples trained on, where they are not given as batches. */
  readonly examples: Examples | undefined;
}

/** A reason to stop, in words; `undefined` to go on. */
export type StopRule = (view: StopView) => string | undefined | Promise<string | undefined>;

/**
 * Stops when every output lies within ε of its target: "until all examples are right within ε".
 *
 * Training then throws ArgumentError if the examples come as batches, or targets are labels of several outputs.
 */
export function whenAllWithin(epsilon: number): StopRule {
  if (!(epsilon >= 0)) {
    throw new ArgumentError(`whenAllWithin: ε must be a number ≥ 0, got ${describe(epsilon)}`);
  }
  return ({ trainer, examples }) => {
    if (examples === undefined) {
      throw new ArgumentError(
        "whenAllWithin: the examples must be given as { inputs, targets }, got batches",
      );
    }
    return largestError(trainer, examples) <= epsilon
      ? `every output is within ${epsilon} of its target`
      : undefined;
  };
}

/** Stops when the training loss has fallen by less than `by` over so many epochs: it "ceases to fall". */
export function whenFlat(options: { readonly epochs: number; readonly by?: number }): StopRule {
  checkOptions("whenFlat", options, { epochs: true, by: true });
  const { epochs, by = 0 } = options;
  if (!Number.isSafeInteger(epochs) || epochs < 1) {
    throw new ArgumentError(`whenFlat: epochs must be a whole number ≥ 1, got ${describe(epochs)}`);
  }
  return ({ history }) => {
    const before = history.at(-1 - epochs);
    const now = history.at(-1);
    if (before === undefined || now === undefined || before.loss - now.loss > by) return undefined;
    return `the loss has fallen by no more than ${by} over ${epochs} epochs`;
  };
}

/** Stops when the training loss has reached a value. */
export function whenLossBelow(loss: number): StopRule {
  return ({ history }) => {
    const now = history.at(-1);
    return now !== undefined && now.loss < loss ? `the loss is below ${loss}` : undefined;
  };
}

/** The largest distance of an output from its target. */
function largestError(t: Trainer, examples: Examples): number {
  const { count, tensors } = tableOf("stop", t.graph, examples);
  const { target, ...inputs } = tensors;
  const { data } = t.predictTable({ count, tensors: inputs });
  const wanted = target?.data ?? [];
  if (wanted.length !== data.length) {
    throw new ArgumentError(
      `whenAllWithin: every output must have a target of its own, got ${data.length} outputs and ${wanted.length} targets; for classes write whenLossBelow`,
    );
  }
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    largest = Math.max(largest, Math.abs((data[i] as number) - (wanted[i] as number)));
  }
  return largest;
}
