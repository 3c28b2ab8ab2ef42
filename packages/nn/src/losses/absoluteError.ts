import { abs, lessEqual, mul, square, sub, where } from "@chainrule/core";
import {
  checkOption,
  checkSameShape,
  defineLoss,
  type LossOptions,
  type LossWith,
  reduceLoss,
} from "./loss.ts";

/**
 * Mean absolute error, `(1/n) Σ |y − ŷ|` over all elements. Derivative 0 where both are equal.
 *
 * Shapes: output and target [...] → []; `reduction: "none"` → [...].
 * Throws ShapeError unless both have the same shape.
 * Source: PyTorch, `L1Loss`.
 */
export const mae: LossWith = /* @__PURE__ */ defineLoss({
  label: "mae",
  graph: (output, target, { reduction }) => {
    checkSameShape("mae", output, target);
    return reduceLoss("mae", abs(sub(target, output)), reduction);
  },
});

/** Options of `huber`. */
export interface HuberOptions extends LossOptions {
  /** Errors up to this size count as squares, larger ones linearly; 1 by default. */
  readonly delta?: number;
}

/**
 * Huber's loss: `½ e²` for `|e| ≤ δ`, else `δ (|e| − ½ δ)`, of the errors e = y − ŷ.
 *
 * Shapes: output and target [...] → []; `reduction: "none"` → [...].
 * Throws ShapeError unless both have the same shape, ArgumentError unless δ > 0.
 * Source: Huber, "Robust estimation of a location parameter", 1964; PyTorch, `HuberLoss`.
 */
export const huber: LossWith<HuberOptions> = /* @__PURE__ */ defineLoss<HuberOptions>({
  label: "huber",
  graph: (output, target, { delta = 1, reduction }) => {
    checkSameShape("huber", output, target);
    checkOption("huber", "delta", delta, (value) => value > 0, "> 0");
    const error = sub(target, output);
    const size = abs(error);
    const small = mul(0.5, square(error));
    const large = mul(delta, sub(size, 0.5 * delta));
    return reduceLoss("huber", where(lessEqual(size, delta), small, large), reduction);
  },
});
