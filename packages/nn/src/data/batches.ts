import { ArgumentError, describe } from "@chainrule/core";
import { random } from "../random/index.ts";
import { checkCounts, checkSeed, checkWhole } from "./checks.ts";
import type { Dataset } from "./dataset.ts";
import { selectRows, sliceRows } from "./rows.ts";

/** Options of `batches`. */
export interface BatchOptions {
  /** Examples a batch. */
  readonly size: number;
  /** The examples come in an order drawn from seed and epoch; without a seed, in their own. */
  readonly seed?: number;
  /** Which epoch this is, from 0 on: every epoch has an order of its own. */
  readonly epoch?: number;
  /** Whether a last batch of fewer examples is kept (the default) or dropped. */
  readonly last?: "keep" | "drop";
}

/**
 * One epoch of a set, batch by batch: each example once, but for those of a dropped last batch.
 *
 * Throws ArgumentError for an empty set, and for batches larger than the set.
 */
export function* batches(set: Dataset, options: BatchOptions): Generator<Dataset, void, undefined> {
  const { size, seed, epoch = 0, last = "keep" } = options;
  const rows = checkCounts("batches", set);
  checkBatchSize("batches", size, rows);
  checkLast("batches", last);
  const order = seed === undefined ? undefined : epochOrder(rows, seed, epoch);
  for (let start = 0; start < rows; start += size) {
    const end = Math.min(start + size, rows);
    if (end - start < size && last === "drop") return;
    if (order === undefined) {
      yield {
        inputs: sliceRows(set.inputs, start, end),
        targets: sliceRows(set.targets, start, end),
      };
    } else {
      const chosen = order.subarray(start, end);
      yield { inputs: selectRows(set.inputs, chosen), targets: selectRows(set.targets, chosen) };
    }
  }
}

/** The numbers 0 … count − 1 in the order of an epoch; each order is equally likely. */
export function epochOrder(count: number, seed: number, epoch = 0): Int32Array {
  checkWhole("epochOrder", "count", count, 0);
  checkSeed("epochOrder", seed);
  checkWhole("epochOrder", "epoch", epoch, 0);
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return random(seed, "shuffle", epoch).shuffle(order);
}

/** A set in the order of an epoch. */
export function shuffleExamples(set: Dataset, seed: number, epoch = 0): Dataset {
  const order = epochOrder(checkCounts("shuffleExamples", set), seed, epoch);
  return { inputs: selectRows(set.inputs, order), targets: selectRows(set.targets, order) };
}

/** Throws ArgumentError unless a batch has at least one example and at most all. */
export function checkBatchSize(where: string, size: number, rows: number): void {
  checkWhole(where, "batch size", size, 1);
  if (size <= rows) return;
  throw new ArgumentError(
    `${where}: a batch must not be larger than the set, got batches of ${size} of ${rows} examples`,
  );
}

/** Throws ArgumentError unless the last batch is to be kept or dropped. */
export function checkLast(where: string, last: unknown): void {
  if (last === "keep" || last === "drop") return;
  throw new ArgumentError(`${where}: last must be "keep" or "drop", got ${describe(last)}`);
}
