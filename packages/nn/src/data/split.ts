import { ArgumentError } from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import { random } from "../random/index.ts";
import { checkCounts, checkSeed, checkWithin } from "./checks.ts";
import type { Dataset } from "./dataset.ts";
import { selectExamples } from "./examples.ts";

/** Options of `splitExamples`. */
export interface SplitOptions {
  /** The share of the second part, between 0 and 1. */
  readonly share: number;
  /** Which examples go where is drawn from it. */
  readonly seed: number;
  /** Divide every class alike; targets must then be labels. */
  readonly stratified?: boolean;
}

/**
 * Two parts without a common example, such as training and validation; both in the set's own order.
 *
 * The second part has `share` of the examples, rounded; stratified, of every class. Neither is empty.
 * Throws ArgumentError where that cannot be.
 */
export function splitExamples(set: Dataset, options: SplitOptions): readonly [Dataset, Dataset] {
  checkOptions<SplitOptions>("splitExamples", options, {
    share: true,
    seed: true,
    stratified: true,
  });
  const { share, seed, stratified = false } = options;
  const rows = checkCounts("splitExamples", set);
  checkWithin("splitExamples", "share", share, 0, 1);
  checkSeed("splitExamples", seed);
  const inSecond = new Uint8Array(rows);
  const generator = random(seed, "split");
  for (const group of stratified
    ? classesOf(set)
    : [Int32Array.from({ length: rows }, (_, i) => i)]) {
    const count = Math.round(share * group.length);
    for (const row of generator.shuffle(group).subarray(0, count)) inSecond[row] = 1;
  }
  const first: number[] = [];
  const second: number[] = [];
  for (let row = 0; row < rows; row++) (inSecond[row] === 1 ? second : first).push(row);
  if (first.length === 0 || second.length === 0) {
    throw new ArgumentError(
      `splitExamples: both parts must have examples, got ${first.length} and ${second.length} of ${rows} for a share of ${share}`,
    );
  }
  return [selectExamples(set, first), selectExamples(set, second)];
}

/** Rows by label, labels in rising order. */
function classesOf({ targets }: Dataset): Int32Array[] {
  const rows = new Map<number, number[]>();
  if (targets.data.length !== targets.shape[0]) {
    throw new ArgumentError(
      "splitExamples: targets must be one label an example to be stratified, got several numbers each",
    );
  }
  targets.data.forEach((label: number, row: number) => {
    const own = rows.get(label);
    if (own === undefined) rows.set(label, [row]);
    else own.push(row);
  });
  return [...rows].sort(([a], [b]) => a - b).map(([, own]) => Int32Array.from(own));
}
