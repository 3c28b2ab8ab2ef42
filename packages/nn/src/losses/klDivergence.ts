import { equal, exp, log, mul, ShapeError, sub, sum, where } from "@chainrule/core";
import {
  checkSameShape,
  defineLoss,
  type LossOptions,
  type LossWith,
  outside,
  reduceLoss,
} from "./loss.ts";
import { checkKind } from "./outputKind.ts";

/** Options of `klDivergence`. */
export interface KlOptions extends LossOptions {
  /** Whether targets are log-probabilities, too. */
  readonly logTarget?: boolean;
}

/**
 * Kullback–Leibler divergence of the output from the target, `Σ_c t_c (ln t_c − x_c)`, with x the
 * log-probabilities of the output and `0 ln 0 = 0`; one per distribution.
 *
 * The mean is over distributions (PyTorch's `batchmean`).
 * Shapes: output and target [..., classes] → []; `reduction: "none"` → [...].
 * Throws ShapeError unless both have the same shape, ArgumentError for logits and probabilities.
 * Source: PyTorch, `KLDivLoss`.
 */
export const klDivergence: LossWith<KlOptions> = /* @__PURE__ */ defineLoss<KlOptions>({
  label: "klDivergence",
  graph: (output, target, { logTarget = false, reduction }) => {
    const label = "klDivergence";
    checkSameShape(label, output, target);
    if (output.shape.length === 0) {
      throw new ShapeError(`${label}: the last axis must hold the classes, got shape []`);
    }
    checkKind(label, output, "log-probabilities", "put a logSoftmax after it");
    const terms = logTarget
      ? mul(exp(target), sub(target, output))
      : where(equal(target, 0), 0, mul(target, sub(log(target), output)));
    return reduceLoss(label, sum(terms, -1), reduction);
  },
  problem: ({ target: { data, shape } }, { logTarget = false }) => {
    const what = "klDivergence: targets";
    return logTarget
      ? outside(what, data, shape, (t) => t <= 0, "log-probabilities, at most 0")
      : outside(what, data, shape, (t) => t >= 0 && t <= 1, "between 0 and 1");
  },
});
