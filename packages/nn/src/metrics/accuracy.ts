import {
  ArgumentError,
  type Expr,
  equal,
  expandDims,
  formatShape,
  gather,
  greater,
  less,
  notEqual,
  ShapeError,
  sum,
  where,
} from "@chainrule/core";
import { meanOfTotals, sumAndCount } from "./counting.ts";
import { above, predictedLabels, targetLabels } from "./labels.ts";
import type { Metric } from "./metric.ts";

/** Options of `accuracy`. */
export interface AccuracyOptions {
  /** Examples of this class index do not count (padding). */
  readonly ignoreIndex?: number;
}

/**
 * The share of examples whose largest output is that of the right class; the first of equal ones.
 *
 * Shapes: output [..., classes]; target [...] of class indices, or [..., classes].
 */
// @__NO_SIDE_EFFECTS__
export function accuracy(options: AccuracyOptions = {}): Metric {
  return {
    totals: (output, target) => {
      const labels = targetLabels("accuracy", output, target);
      return sumAndCount(
        equal(predictedLabels("accuracy", output), labels),
        counted(labels, options),
      );
    },
    value: meanOfTotals,
  };
}

function counted(labels: Expr, { ignoreIndex }: AccuracyOptions): Expr | undefined {
  return ignoreIndex === undefined ? undefined : notEqual(labels, ignoreIndex);
}

/** Options of `topKAccuracy`. */
export interface TopKOptions extends AccuracyOptions {
  /** How many of the largest outputs count as an answer. */
  readonly k: number;
}

/**
 * The share of examples for which fewer than k outputs are larger than that of the right class.
 *
 * Shapes: as `accuracy`. Throws ArgumentError unless k is a whole number ≥ 1.
 */
// @__NO_SIDE_EFFECTS__
export function topKAccuracy(options: TopKOptions): Metric {
  const { k } = options;
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new ArgumentError(`topKAccuracy: k must be a whole number ≥ 1, got ${k}`);
  }
  return {
    totals: (output, target) => {
      const labels = targetLabels("topKAccuracy", output, target);
      const counts = counted(labels, options);
      const index = counts === undefined ? labels : where(counts, labels, 0);
      const right = gather(output, expandDims(index, -1), -1);
      return sumAndCount(less(sum(greater(output, right), -1), k), counts);
    },
    value: meanOfTotals,
  };
}

/** Options of metrics of one class. */
export interface ThresholdOptions {
  /** Outputs above it mean the class: ½ for probabilities (default), 0 for logits. */
  readonly threshold?: number;
  /** Targets above it are of the class: ½ by default; 0 for targets −1 and 1. */
  readonly targetThreshold?: number;
}

/**
 * The share of outputs on the right side of the threshold.
 *
 * Shapes: output and target [...]. Throws ShapeError unless both have the same shape.
 */
// @__NO_SIDE_EFFECTS__
export function binaryAccuracy(options: ThresholdOptions = {}): Metric {
  const { threshold = 0.5, targetThreshold = 0.5 } = options;
  return {
    totals: (output, target) => {
      const { shape } = output;
      if (shape.length !== target.shape.length || shape.some((dim, i) => dim !== target.shape[i])) {
        throw new ShapeError(
          `binaryAccuracy: output and target must have the same shape, got ${formatShape(shape)} and ${formatShape(target.shape)}`,
        );
      }
      return sumAndCount(equal(above(output, threshold), above(target, targetThreshold)));
    },
    value: meanOfTotals,
  };
}
