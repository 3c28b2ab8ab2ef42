import { div, max, mul, norm, ShapeError, sub, sum } from "@chainrule/core";
import { checkSameShape, defineLoss, type LossWith, reduceLoss } from "./loss.ts";

/**
 * Below this the product of lengths counts as this, so that a zero vector costs 1 and not NaN.
 * Source: PyTorch, `cosine_similarity`.
 */
const LEAST = 1e-8;

/**
 * Cosine loss, `1 − x · t / (‖x‖ ‖t‖)` over the last axis: 0 for equal directions, 2 for opposite.
 *
 * Shapes: output and target [..., n] → []; `reduction: "none"` → [...].
 * Throws ShapeError unless both have the same shape and an axis.
 * Source: PyTorch, `CosineEmbeddingLoss` with y = 1.
 */
export const cosineLoss: LossWith = /* @__PURE__ */ defineLoss({
  label: "cosineLoss",
  graph: (output, target, { reduction }) => {
    checkSameShape("cosineLoss", output, target);
    if (output.shape.length === 0) {
      throw new ShapeError("cosineLoss: vectors must lie along the last axis, got shape []");
    }
    const lengths = mul(norm(output, -1), norm(target, -1));
    const cosine = div(sum(mul(output, target), -1), max(lengths, LEAST));
    return reduceLoss("cosineLoss", sub(1, cosine), reduction);
  },
});
