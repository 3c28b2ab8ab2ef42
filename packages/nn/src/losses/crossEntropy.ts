import { logSoftmax } from "@chainrule/core";
import {
  type ClassOptions,
  classIndexType,
  classLoss,
  classMetrics,
  notClasses,
} from "./classTargets.ts";
import { defineLoss, type LossWith } from "./loss.ts";
import { checkKind } from "./outputKind.ts";
import { logOf, notProbabilities, probability } from "./probability.ts";

/**
 * Cross-entropy of logits, `−ln softmax(x)_y`, or `−Σ_c t_c ln softmax(x)_c` for a distribution t.
 *
 * The derivative by x is `softmax(x) − t`.
 * Shapes: output [..., classes]; target [...] of type i32, or [..., classes] → [];
 * `reduction: "none"` → [...]. A mean in which nothing counts is 0 (PyTorch: NaN).
 * Throws ShapeError for other targets, ArgumentError for probabilities or options out of range.
 * Source: PyTorch, `CrossEntropyLoss`; label smoothing: Szegedy et al. 2016, section 7.
 */
export const crossEntropy: LossWith<ClassOptions, "accuracy"> = /* @__PURE__ */ defineLoss<
  ClassOptions,
  "accuracy"
>({
  label: "crossEntropy",
  graph: (output, target, options) => {
    const instead = "drop the softmax, or use crossEntropyFromProbabilities";
    checkKind("crossEntropy", output, "logits", instead);
    const logs = output.shape.length === 0 ? output : logSoftmax(output);
    return classLoss("crossEntropy", logs, target, options);
  },
  targetType: classIndexType,
  metrics: classMetrics,
  problem: (values, options) => notClasses("crossEntropy", values, options),
});

/**
 * Cross-entropy of probabilities, `−ln p_y`, or `−Σ_c t_c ln p_c` for a distribution t.
 *
 * Logarithms are kept ≥ −100; `crossEntropy` needs no such limit. An output that is no probability
 * gives NaN. Shapes and errors: as `crossEntropy`, but ArgumentError for logits.
 * Source: the lecture, "losses".
 */
export const crossEntropyFromProbabilities: LossWith<ClassOptions, "accuracy"> =
  /* @__PURE__ */ defineLoss<ClassOptions, "accuracy">({
    label: "crossEntropyFromProbabilities",
    graph: (output, target, options) => {
      checkKind("crossEntropyFromProbabilities", output, "probabilities", INSTEAD);
      const logs = logOf(probability(output));
      return classLoss("crossEntropyFromProbabilities", logs, target, options);
    },
    targetType: classIndexType,
    metrics: classMetrics,
    problem: (values, options) =>
      notClasses("crossEntropyFromProbabilities", values, options) ??
      notProbabilities("crossEntropyFromProbabilities", values, INSTEAD),
  });

const INSTEAD = "put a softmax after it, or use crossEntropy";

/**
 * Negative log-likelihood, `−x_y` of log-probabilities x.
 *
 * Shapes and errors: as `crossEntropy`, but ArgumentError for logits and probabilities.
 * Source: PyTorch, `NLLLoss`.
 */
export const nll: LossWith<ClassOptions, "accuracy"> = /* @__PURE__ */ defineLoss<
  ClassOptions,
  "accuracy"
>({
  label: "nll",
  graph: (output, target, options) => {
    checkKind("nll", output, "log-probabilities", "put a logSoftmax after it, or use crossEntropy");
    return classLoss("nll", output, target, options);
  },
  targetType: classIndexType,
  metrics: classMetrics,
  problem: (values, options) => notClasses("nll", values, options),
});
