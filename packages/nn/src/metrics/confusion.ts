import {
  cast,
  type Expr,
  expandDims,
  formatShape,
  matmul,
  mul,
  notEqual,
  oneHot,
  ShapeError,
  squeeze,
  sum,
  transpose,
  where,
} from "@chainrule/core";
import type { AccuracyOptions, ThresholdOptions } from "./accuracy.ts";
import { type Average, ConfusionMatrix } from "./confusionMatrix.ts";
import { wide } from "./counting.ts";
import { above, predictedLabels, targetLabels } from "./labels.ts";
import type { Metric } from "./metric.ts";

/** Options of metrics over classes. */
export interface ConfusionOptions extends AccuracyOptions, ThresholdOptions {
  /** Which class, or how the numbers of the classes are averaged; `macro` by default. */
  readonly of?: number | Average;
}

/**
 * Counts of examples by class (row) and prediction (column) as totals; `ConfusionMatrix.fromTotals`
 * reads them, the value is the accuracy.
 *
 * Shapes: output [..., classes] and target as of `accuracy`, totals [classes, classes]; an output
 * [..., 1] is one class above a threshold, with totals [2, 2].
 */
// @__NO_SIDE_EFFECTS__
export function confusion(options: ConfusionOptions = {}): Metric {
  return {
    totals: (output, target) => confusionCounts(output, target, options),
    value: (totals) => ConfusionMatrix.fromTotals(totals).accuracy(),
  };
}

/** Precision, tp / (tp + fp); see `ConfusionMatrix`. Shapes: as `confusion`. */
// @__NO_SIDE_EFFECTS__
export function precision(options: ConfusionOptions = {}): Metric {
  return {
    totals: (output, target) => confusionCounts(output, target, options),
    value: (totals) => read(totals, (matrix, of) => matrix.precision(of), options),
  };
}

/** Recall, tp / (tp + fn); see `ConfusionMatrix`. Shapes: as `confusion`. */
// @__NO_SIDE_EFFECTS__
export function recall(options: ConfusionOptions = {}): Metric {
  return {
    totals: (output, target) => confusionCounts(output, target, options),
    value: (totals) => read(totals, (matrix, of) => matrix.recall(of), options),
  };
}

/** F₁, 2 tp / (2 tp + fp + fn); see `ConfusionMatrix`. Shapes: as `confusion`. */
// @__NO_SIDE_EFFECTS__
export function f1(options: ConfusionOptions = {}): Metric {
  return {
    totals: (output, target) => confusionCounts(output, target, options),
    value: (totals) => read(totals, (matrix, of) => matrix.f1(of), options),
  };
}

function read(
  totals: ArrayLike<number>,
  value: (matrix: ConfusionMatrix, of: number | Average) => number,
  { of }: ConfusionOptions,
): number {
  const matrix = ConfusionMatrix.fromTotals(totals);
  // Of two classes that a threshold tells apart, the numbers are about the class above it.
  return value(matrix, of ?? (matrix.classes === 2 ? 1 : "macro"));
}

/** `Tᵀ P` of one-hot rows, summed over further leading axes. */
function confusionCounts(output: Expr, target: Expr, options: ConfusionOptions): Expr {
  const { actual, predicted, classes } = labelsOf(output, target, options);
  const { ignoreIndex } = options;
  const counts = ignoreIndex === undefined ? undefined : notEqual(actual, ignoreIndex);
  const safe = counts === undefined ? actual : where(counts, actual, 0);
  const ones = oneHot(safe, classes);
  const rows = listed(counts === undefined ? ones : mul(ones, expandDims(wide(counts), -1)));
  const columns = listed(oneHot(predicted, classes));
  const axes = rows.shape.map((_, axis) => axis);
  const turned = transpose(rows, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
  const each = matmul(turned, columns);
  return axes.length === 2 ? each : sum(each, axes.slice(0, -2));
}

/** A single row as a list of one. */
function listed(rows: Expr): Expr {
  return rows.shape.length === 1 ? expandDims(rows, 0) : rows;
}

function labelsOf(
  output: Expr,
  target: Expr,
  { threshold = 0.5, targetThreshold = 0.5 }: ConfusionOptions,
): { readonly actual: Expr; readonly predicted: Expr; readonly classes: number } {
  const classes = output.shape.at(-1);
  if (typeof classes !== "number") {
    throw new ShapeError(
      `confusion: the last axis of the output must hold the classes, got ${formatShape(output.shape)}`,
    );
  }
  if (classes > 1) {
    const actual = targetLabels("confusion", output, target);
    return { actual, predicted: predictedLabels("confusion", output), classes };
  }
  const { shape } = output;
  const aligned = target.shape.length === shape.length - 1 ? expandDims(target, -1) : target;
  if (aligned.shape.length !== shape.length || shape.some((dim, i) => dim !== aligned.shape[i])) {
    throw new ShapeError(
      `confusion: targets must be one per output, got ${formatShape(target.shape)} for ${formatShape(shape)}`,
    );
  }
  const label = (values: Expr, limit: number): Expr =>
    cast(squeeze(above(values, limit), -1), "i32");
  return {
    actual: label(aligned, targetThreshold),
    predicted: label(output, threshold),
    classes: 2,
  };
}
