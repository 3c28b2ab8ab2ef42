import { ArgumentError, describe, type Expr, mul, where } from "@chainrule/core";
import { randomBernoulli } from "@chainrule/core/random";
import { type Layer, layer } from "../model/index.ts";

/**
 * In training, each element is 0 with the probability `rate`, the others grow by `1 / (1 − rate)`; in prediction
 * nothing happens.
 *
 * Throws ArgumentError unless 0 ≤ rate < 1. Source: Srivastava et al. 2014.
 */
export function dropout(rate: number): Layer {
  if (!(rate >= 0 && rate < 1)) {
    throw new ArgumentError(`dropout: the rate must lie in [0, 1), got ${describe(rate)}`);
  }
  return layer(
    "dropout",
    (x: Expr, scope) => {
      if (!scope.training || rate === 0) return x;
      const kept = randomBernoulli(scope.randomKey(), 1 - rate, x.shape);
      return where(kept, mul(x, 1 / (1 - rate)), 0);
    },
    { rate },
  );
}
