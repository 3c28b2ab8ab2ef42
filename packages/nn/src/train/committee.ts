import { ArgumentError, allocate, Tensor } from "@chainrule/core";
import { type Examples, inputTable } from "./examples.ts";
import type { Trainer } from "./trainer.ts";

/** A model with a say. */
export interface Member<M extends string = string> {
  readonly trainer: Trainer<M>;
  /** Its weight, such as its accuracy in training. */
  readonly votes: number;
}

/** Several trials combined. */
export interface Committee {
  /** The share of votes each class gets, [rows, classes]. */
  readonly shares: (inputs: Examples["inputs"]) => Tensor;
  /** The class with most votes, row by row. */
  readonly decide: (inputs: Examples["inputs"]) => Int32Array;
}

/**
 * Several trained models that vote: each for the class of its largest output, or, of one output, for class 1 where
 * it exceeds the threshold (0, for logits, unless given).
 *
 * Votes are weighted, as the lecture does by training accuracy. Of equal sums the first class wins.
 * Throws ArgumentError without members, or without a vote.
 */
export function committee<M extends string>(
  members: readonly Member<M>[],
  { threshold = 0 }: { readonly threshold?: number } = {},
): Committee {
  const total = members.reduce((sum, { votes }) => sum + votes, 0);
  if (!(total > 0) || members.some(({ votes }) => !(votes >= 0))) {
    throw new ArgumentError(
      `committee: members must have votes ≥ 0, some more than 0, got [${members.map(({ votes }) => votes).join(", ")}]`,
    );
  }
  const shares = (inputs: Examples["inputs"]): Tensor => {
    let sums: Float64Array | undefined;
    let classes = 0;
    for (const { trainer, votes } of members) {
      const { chosen, count } = choices(
        trainer.predictTable(inputTable("committee", trainer.graph.inputs, inputs)),
        threshold,
      );
      if (sums === undefined) {
        classes = count;
        sums = allocate("f64", chosen.length * classes) as Float64Array;
      } else if (count !== classes) {
        throw new ArgumentError(
          `committee: members must have equally many classes, got ${classes} and ${count}`,
        );
      }
      for (const [row, index] of chosen.entries()) {
        const at = row * classes + index;
        sums[at] = (sums[at] as number) + votes / total;
      }
    }
    const data = sums ?? new Float64Array();
    return new Tensor([data.length / classes, classes], data);
  };
  return { shares, decide: (inputs) => choices(shares(inputs), threshold).chosen };
}

function choices(
  { shape, data }: Tensor,
  threshold: number,
): { readonly chosen: Int32Array; readonly count: number } {
  const rows = shape[0] ?? 1;
  const width = data.length / rows;
  if (width === 1) {
    const chosen = Int32Array.from(data, (item) => (item > threshold ? 1 : 0));
    return { chosen, count: 2 };
  }
  const chosen = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let i = 1; i < width; i++) {
      if ((data[row * width + i] as number) > (data[row * width + best] as number)) best = i;
    }
    chosen[row] = best;
  }
  return { chosen, count: width };
}
