import type { Expr } from "@chainrule/core";

/**
 * A number that tells how good outputs are, exact over any division into batches.
 *
 * `totals` are sums over the examples of one batch, of any fixed shape (right and all; a confusion matrix);
 * they are added up over batches, and `value` makes the metric of their sum, row-major.
 */
export interface Metric {
  readonly totals: (output: Expr, target: Expr) => Expr;
  readonly value: (totals: ArrayLike<number>) => number;
}
