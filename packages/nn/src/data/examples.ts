import type { Tensor } from "@chainrule/core";
import { checkCounts, checkWhole } from "./checks.ts";
import type { Dataset } from "./dataset.ts";
import { concatRows, selectRows, sliceRows } from "./rows.ts";

/** Number of examples of a set. */
export function countExamples(set: Dataset): number {
  return checkCounts("countExamples", set);
}

/** Examples by number, in the order given. */
export function selectExamples({ inputs, targets }: Dataset, order: ArrayLike<number>): Dataset {
  return { inputs: selectRows(inputs, order), targets: selectRows(targets, order) };
}

/** The first `count` examples, or all where there are fewer. */
export function takeExamples(set: Dataset, count: number): Dataset {
  checkWhole("takeExamples", "count", count, 1);
  const end = Math.min(count, checkCounts("takeExamples", set));
  return { inputs: sliceRows(set.inputs, 0, end), targets: sliceRows(set.targets, 0, end) };
}

/** All but the first `count` examples. */
export function dropExamples(set: Dataset, count: number): Dataset {
  checkWhole("dropExamples", "count", count, 0);
  const rows = checkCounts("dropExamples", set);
  const start = Math.min(count, rows);
  return {
    inputs: sliceRows(set.inputs, start, rows),
    targets: sliceRows(set.targets, start, rows),
  };
}

/** The examples of several sets, one set after another. */
export function concatExamples(...sets: readonly Dataset[]): Dataset {
  for (const set of sets) checkCounts("concatExamples", set);
  return {
    inputs: concatRows(
      "concatExamples",
      sets.map(({ inputs }) => inputs),
    ),
    targets: concatRows(
      "concatExamples",
      sets.map(({ targets }) => targets),
    ),
  };
}

/**
 * Every example changed by a function that gets tensors with one row, and its number.
 *
 * Throws ShapeError unless all results have one shape.
 */
export function mapExamples(
  set: Dataset,
  change: (example: Dataset, index: number) => Dataset,
): Dataset {
  const rows = checkCounts("mapExamples", set);
  const inputs: Tensor[] = [];
  const targets: Tensor[] = [];
  for (let i = 0; i < rows; i++) {
    const changed = change(
      { inputs: sliceRows(set.inputs, i, i + 1), targets: sliceRows(set.targets, i, i + 1) },
      i,
    );
    inputs.push(changed.inputs);
    targets.push(changed.targets);
  }
  const out = {
    inputs: concatRows("mapExamples", inputs),
    targets: concatRows("mapExamples", targets),
  };
  checkCounts("mapExamples", out);
  return out;
}
