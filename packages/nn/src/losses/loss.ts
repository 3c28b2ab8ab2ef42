import type { Expr } from "@chainrule/core";
import type { Metric } from "../metrics/metric.ts";

/** How the losses of single examples become one number; `none` keeps them apart. */
export type Reduction = "mean" | "sum" | "none";

/** Options of every loss. */
export interface LossOptions {
  readonly reduction?: Reduction;
}

/**
 * How far an output lies from its target, as a graph: a scalar unless `reduction` is `none`.
 *
 * A plain function is a loss. `metrics` are those a trainer shows beside it unless told otherwise, such as the
 * accuracy beside a cross-entropy; M are their names.
 */
export interface Loss<M extends string = never> {
  (output: Expr, target: Expr): Expr;
  readonly metrics?: Readonly<Record<M, Metric>>;
}
