import {
  ArgumentError,
  add,
  cast,
  constant,
  div,
  Expr,
  equal,
  expandDims,
  formatShape,
  gather,
  isFloat,
  mean,
  mul,
  neg,
  notEqual,
  ShapeError,
  squeeze,
  sum,
  take,
  where,
} from "@chainrule/core";
import { accuracy } from "../metrics/accuracy.ts";
import type { Metric } from "../metrics/metric.ts";
import {
  checkOption,
  type LossOptions,
  type LossValues,
  outside,
  reduceLoss,
  type ValueType,
} from "./loss.ts";

/** Options of losses over classes. */
export interface ClassOptions extends LossOptions {
  /** A factor per class, for classes of unequal size. */
  readonly weights?: readonly number[] | Expr;
  /** A share s of every target is spread evenly over the classes; 0 by default. */
  readonly labelSmoothing?: number;
  /** Examples of this class index count for nothing (padding). */
  readonly ignoreIndex?: number;
}

/**
 * `−Σ_c w_c t_c ln p_c` of log-probabilities, where t is a class index or a distribution.
 *
 * The mean over class indices is divided by the weights of the examples that count, the mean over
 * distributions by the number of examples; where no example counts it is 0.
 */
export function classLoss(
  label: string,
  logProbabilities: Expr,
  target: Expr,
  options: ClassOptions,
): Expr {
  const { labelSmoothing: share = 0, ignoreIndex, reduction } = options;
  checkOption(label, "labelSmoothing", share, (s) => s >= 0 && s < 1, "≥ 0 and < 1");
  const weights = weightsOf(label, logProbabilities, options.weights);
  const costs = neg(weights === undefined ? logProbabilities : mul(weights, logProbabilities));
  if (isDistribution(label, logProbabilities, target)) {
    if (ignoreIndex !== undefined) {
      throw new ArgumentError(
        `${label}: ignoreIndex must stand beside class indices, got a distribution`,
      );
    }
    return reduceLoss(label, spread(sum(products(target, costs), -1), costs, share), reduction);
  }
  const counts = ignoreIndex === undefined ? undefined : notEqual(target, ignoreIndex);
  const index = counts === undefined ? target : where(counts, target, 0);
  const chosen = squeeze(gather(costs, expandDims(index, -1), -1), -1);
  const all = spread(chosen, costs, share);
  const values = counts === undefined ? all : where(counts, all, 0);
  if ((reduction ?? "mean") !== "mean" || (weights === undefined && counts === undefined)) {
    return reduceLoss(label, values, reduction);
  }
  const one = constant(1, costs.dtype);
  const own = weights === undefined ? one : take(weights, index);
  const total = sum(counts === undefined ? own : where(counts, own, 0));
  return div(sum(values), where(equal(total, 0), 1, total));
}

/** `t · cost`, and 0 where t is 0: a class with probability 0 that is not asked for costs nothing. */
function products(target: Expr, costs: Expr): Expr {
  return where(equal(target, 0), 0, mul(target, costs));
}

function spread(chosen: Expr, costs: Expr, share: number): Expr {
  return share === 0 ? chosen : add(mul(1 - share, chosen), mul(share, mean(costs, -1)));
}

function isDistribution(label: string, output: Expr, target: Expr): boolean {
  const { shape } = output;
  if (shape.length === 0) {
    throw new ShapeError(
      `${label}: the last axis of the output must hold the classes, got shape []`,
    );
  }
  if (shape.at(-1) === 1) {
    throw new ShapeError(
      `${label}: the last axis of the output must hold two classes or more, got ${formatShape(shape)}; one output for two classes takes bceWithLogits`,
    );
  }
  const rank = target.shape.length;
  const fits = target.shape.every((dim, i) => dim === shape[i]);
  if (fits && rank === shape.length && isFloat(target.dtype)) return true;
  if (fits && rank === shape.length - 1) {
    if (target.dtype === "i32") return false;
    throw new ArgumentError(`${label}: class indices must be of type i32, got ${target.dtype}`);
  }
  const lead = shape.slice(0, -1);
  throw new ShapeError(
    `${label}: the target must be class indices ${formatShape(lead)} of type i32 or a distribution ${formatShape(shape)} over the classes on the output's last axis, got ${target.dtype}${formatShape(target.shape)}`,
  );
}

function weightsOf(
  label: string,
  output: Expr,
  weights: readonly number[] | Expr | undefined,
): Expr | undefined {
  if (weights === undefined) return undefined;
  const own = weights instanceof Expr ? weights : constant([...weights], output.dtype);
  const classes = output.shape.at(-1);
  if (own.shape.length === 1 && own.shape[0] === classes) return cast(own, output.dtype);
  throw new ShapeError(
    `${label}: weights must be one per class (${classes}), got ${formatShape(own.shape)}`,
  );
}

/** Class indices, one per example. */
export function classIndexType({ shape }: ValueType): ValueType {
  return { shape: shape.slice(0, -1), dtype: "i32" };
}

/** The accuracy beside a loss over classes. */
export function classMetrics({ ignoreIndex }: ClassOptions): { readonly accuracy: Metric } {
  return { accuracy: accuracy(ignoreIndex === undefined ? {} : { ignoreIndex }) };
}

/** The sentence for labels out of range, or for a target that is no distribution. */
export function notClasses(
  label: string,
  { target, output }: LossValues,
  { ignoreIndex }: ClassOptions,
): string | undefined {
  const { data, shape } = target;
  const classes = output.shape.at(-1) ?? 0;
  if (shape.length === output.shape.length) {
    const holds = (p: number): boolean => p >= 0 && p <= 1;
    return outside(`${label}: a distribution`, data, shape, holds, "between 0 and 1");
  }
  const holds = (y: number): boolean =>
    y === ignoreIndex || (Number.isInteger(y) && y >= 0 && y < classes);
  const range = `whole numbers 0 … ${classes - 1} for an output of ${classes} classes`;
  return outside(`${label}: class indices`, data, shape, holds, range);
}
