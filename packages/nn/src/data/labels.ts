import { allocate, ShapeError, Tensor } from "@chainrule/core";
import { checkLabels, type NumberType } from "./checks.ts";
import type { Dataset } from "./dataset.ts";

/**
 * Labels as rows with a single 1: 2 of 4 classes is [0, 0, 1, 0].
 *
 * Shapes: labels [...] → [..., classes]. Throws ArgumentError for labels out of range.
 */
export function toOneHot(labels: Tensor, classes: number, dtype: NumberType = "f64"): Tensor {
  checkLabels("toOneHot", labels, classes);
  const data = allocate(dtype, labels.data.length * classes);
  labels.data.forEach((label: number, i: number) => {
    data[i * classes + label] = 1;
  });
  return new Tensor([...labels.shape, classes], data, dtype);
}

/** The class of each row: the place of its largest number, the first of equals. Inverts `toOneHot`. */
export function fromOneHot(rows: Tensor): Tensor {
  const classes = rows.shape.at(-1);
  if (classes === undefined || classes === 0) {
    throw new ShapeError(
      `fromOneHot: the last axis must hold the classes, got [${rows.shape.join(", ")}]`,
    );
  }
  const labels = new Int32Array(rows.data.length / classes);
  for (let row = 0; row < labels.length; row++) {
    let best = 0;
    for (let i = 1; i < classes; i++) {
      if ((rows.data[row * classes + i] as number) > (rows.data[row * classes + best] as number)) {
        best = i;
      }
    }
    labels[row] = best;
  }
  return new Tensor(rows.shape.slice(0, -1), labels);
}

/** A set whose labels are rows with a single 1. */
export function withOneHotTargets(set: Dataset, classes: number, dtype?: NumberType): Dataset {
  return { inputs: set.inputs, targets: toOneHot(set.targets, classes, dtype) };
}
