import { type Expr, mul, square, sub, sum } from "@chainrule/core";
import { checkSameShape, defineLoss, type LossWith, reduceLoss } from "./loss.ts";

/**
 * Mean squared error, `(1/n) Σ (y − ŷ)²` over all elements.
 *
 * Shapes: output and target [...] → []; `reduction: "none"` → [...].
 * Throws ShapeError unless both have the same shape.
 * Source: the lecture, "losses"; PyTorch, `MSELoss`.
 */
export const mse: LossWith = /* @__PURE__ */ defineLoss({
  label: "mse",
  graph: (output, target, { reduction }) => {
    checkSameShape("mse", output, target);
    return reduceLoss("mse", square(sub(target, output)), reduction);
  },
});

/**
 * `½ Σ (y − ŷ)²` over the outputs of an example, whose derivative by an output is `ŷ − y`.
 *
 * Examples are summed by default, as the lecture does.
 * Shapes: output and target [..., outputs] → []; `reduction: "none"` → [...].
 * Throws ShapeError unless both have the same shape.
 * Source: the lecture, worked network 2-2-2.
 */
export const halfSquaredError: LossWith = /* @__PURE__ */ defineLoss({
  label: "halfSquaredError",
  graph: (output, target, { reduction = "sum" }) => {
    checkSameShape("halfSquaredError", output, target);
    const errors = mul(0.5, square(sub(target, output)));
    return reduceLoss("halfSquaredError", overOutputs(errors), reduction);
  },
});

function overOutputs(errors: Expr): Expr {
  return errors.shape.length === 0 ? errors : sum(errors, -1);
}
