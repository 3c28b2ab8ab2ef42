import { add, type Expr, greater, mul, neg, softplus, sub, where } from "@chainrule/core";
import { binaryAccuracy } from "../metrics/accuracy.ts";
import {
  checkOption,
  checkSameShape,
  defineLoss,
  type LossOptions,
  type LossValues,
  type LossWith,
  outside,
  reduceLoss,
} from "./loss.ts";
import { checkKind } from "./outputKind.ts";
import {
  isProbability,
  logOf,
  logOfComplement,
  notProbabilities,
  probability,
} from "./probability.ts";

/** Options of the binary cross-entropies. */
export interface BinaryOptions extends LossOptions {
  /** Factor of the examples of class 1, where they are rare; 1 by default. */
  readonly positiveWeight?: number;
  /** Targets t become `t (1 − s) + s / 2`; 0 by default. */
  readonly labelSmoothing?: number;
}

/**
 * Binary cross-entropy of logits, `−t ln σ(x) − (1 − t) ln σ(−x)`, one per output.
 *
 * Computed as `softplus(z) − r z` with z = ±x pointing away from the target and r ≤ ½: neither the
 * value nor the derivative `σ(z) − r` cancels, however sure the output is.
 * Shapes: output and target [...] → []; `reduction: "none"` → [...]. Targets in 0 … 1.
 * Throws ShapeError unless both have the same shape, ArgumentError for probabilities.
 * Source: PyTorch, `BCEWithLogitsLoss`.
 */
export const bceWithLogits: LossWith<BinaryOptions, "accuracy"> = /* @__PURE__ */ defineLoss<
  BinaryOptions,
  "accuracy"
>({
  label: "bceWithLogits",
  graph: (output, target, options) => {
    const label = "bceWithLogits";
    checkSameShape(label, output, target);
    checkKind(label, output, "logits", "drop the activation, or use bce");
    const t = smoothed(label, target, options);
    return reduceLoss(label, ofLogits(output, t, options.positiveWeight ?? 1), options.reduction);
  },
  metrics: () => ({ accuracy: binaryAccuracy({ threshold: 0 }) }),
  problem: (values) => notTargets("bceWithLogits", values),
});

function ofLogits(x: Expr, t: Expr, positiveWeight: number): Expr {
  if (positiveWeight !== 1) {
    const positive = mul(mul(positiveWeight, t), softplus(neg(x)));
    return add(positive, mul(sub(1, t), softplus(x)));
  }
  const likely = greater(t, 0.5);
  const away = where(likely, neg(x), x);
  const rest = where(likely, sub(1, t), t);
  return sub(softplus(away), mul(rest, away));
}

/**
 * Binary cross-entropy of probabilities, `−t ln p − (1 − t) ln (1 − p)`, one per output.
 *
 * Logarithms are kept ≥ −100, as in PyTorch; `bceWithLogits` needs no such limit. An output that is
 * no probability gives NaN.
 * Shapes: output and target [...] → []; `reduction: "none"` → [...]. Targets in 0 … 1.
 * Throws ShapeError unless both have the same shape, ArgumentError for logits.
 * Source: PyTorch, `BCELoss`.
 */
export const bce: LossWith<BinaryOptions, "accuracy"> = /* @__PURE__ */ defineLoss<
  BinaryOptions,
  "accuracy"
>({
  label: "bce",
  graph: (output, target, options) => {
    checkSameShape("bce", output, target);
    checkKind("bce", output, "probabilities", INSTEAD);
    const t = smoothed("bce", target, options);
    const p = probability(output);
    const positive = mul(mul(options.positiveWeight ?? 1, t), logOf(p));
    const values = neg(add(positive, mul(sub(1, t), logOfComplement(p))));
    return reduceLoss("bce", values, options.reduction);
  },
  metrics: () => ({ accuracy: binaryAccuracy() }),
  problem: (values) => notTargets("bce", values) ?? notProbabilities("bce", values, INSTEAD),
});

const INSTEAD = "put a sigmoid after it, or use bceWithLogits";

function smoothed(
  label: string,
  target: Expr,
  { positiveWeight = 1, labelSmoothing = 0 }: BinaryOptions,
): Expr {
  checkOption(label, "positiveWeight", positiveWeight, (w) => w >= 0, "≥ 0");
  checkOption(label, "labelSmoothing", labelSmoothing, (s) => s >= 0 && s < 1, "≥ 0 and < 1");
  return labelSmoothing === 0 ? target : add(mul(target, 1 - labelSmoothing), labelSmoothing / 2);
}

function notTargets(label: string, { target }: LossValues): string | undefined {
  const { data, shape } = target;
  return outside(`${label}: targets`, data, shape, isProbability, "between 0 and 1");
}
