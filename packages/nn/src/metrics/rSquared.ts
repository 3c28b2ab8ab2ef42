import { constant, type Expr, formatShape, ShapeError, square, stack, sub } from "@chainrule/core";
import { countOf, total, wide } from "./counting.ts";
import type { Metric } from "./metric.ts";

/** Options of `rSquared`. */
export interface RSquaredOptions {
  /**
   * A number near the targets, subtracted before their squares are summed: targets far from 0
   * compared with their spread lose digits otherwise.
   */
  readonly near?: number;
}

/**
 * Coefficient of determination, `R² = 1 − Σ (y − ŷ)² / Σ (y − ȳ)²` over all elements.
 *
 * Totals [n, Σ y, Σ y², Σ (y − ŷ)²]. Targets that are all equal give 1 if they are met, else −∞.
 * Shapes: output and target [...]. Throws ShapeError unless both have the same shape.
 */
// @__NO_SIDE_EFFECTS__
export function rSquared({ near = 0 }: RSquaredOptions = {}): Metric {
  return {
    totals: (output: Expr, target: Expr): Expr => {
      const { shape } = output;
      if (shape.length !== target.shape.length || shape.some((dim, i) => dim !== target.shape[i])) {
        throw new ShapeError(
          `rSquared: output and target must have the same shape, got ${formatShape(shape)} and ${formatShape(target.shape)}`,
        );
      }
      const actual = sub(wide(target), constant(near));
      const error = sub(wide(target), wide(output));
      return stack([countOf(shape), total(actual), total(square(actual)), total(square(error))]);
    },
    value: (totals) => {
      const [n, sum, squares, error] = Array.from(totals) as [number, number, number, number];
      const spread = squares - sum ** 2 / n;
      return error === 0 ? 1 : 1 - error / Math.max(spread, 0);
    },
  };
}
