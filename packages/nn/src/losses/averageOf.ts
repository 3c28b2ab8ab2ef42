import type { Expr } from "@chainrule/core";
import { meanOfTotals, sumAndCount } from "../metrics/counting.ts";
import type { Metric } from "../metrics/metric.ts";
import type { LossOptions } from "./loss.ts";

/**
 * The mean of a loss as a metric, exact over any division into batches: `averageOf(mae)`.
 *
 * Without class weights and ignored classes, which weigh examples differently than the mean.
 */
// @__NO_SIDE_EFFECTS__
export function averageOf(
  loss: (output: Expr, target: Expr, options?: LossOptions) => Expr,
): Metric {
  return {
    totals: (output, target) => sumAndCount(loss(output, target, { reduction: "none" })),
    value: meanOfTotals,
  };
}
