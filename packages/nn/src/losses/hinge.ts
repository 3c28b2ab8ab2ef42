import {
  ArgumentError,
  constant,
  div,
  type Expr,
  equal,
  expandDims,
  formatShape,
  gather,
  iota,
  mul,
  relu,
  ShapeError,
  square,
  sub,
  sum,
  where,
} from "@chainrule/core";
import { binaryAccuracy } from "../metrics/accuracy.ts";
import { classIndexType, classMetrics, notClasses } from "./classTargets.ts";
import {
  checkOption,
  checkSameShape,
  defineLoss,
  type LossOptions,
  type LossWith,
  outside,
  reduceLoss,
} from "./loss.ts";

/** Options of the hinge losses. */
export interface HingeOptions extends LossOptions {
  /** How far on the right side an output must lie to cost nothing; 1 by default. */
  readonly margin?: number;
  /** Whether costs are squared. */
  readonly squared?: boolean;
}

/**
 * Hinge loss, `max(0, m − t x)` for targets −1 and 1. Derivative 0 where the margin is met exactly.
 *
 * Shapes: output and target [...] → []; `reduction: "none"` → [...].
 * Throws ShapeError unless both have the same shape.
 * Source: Cortes & Vapnik, "Support-vector networks", 1995.
 */
export const hinge: LossWith<HingeOptions, "accuracy"> = /* @__PURE__ */ defineLoss<
  HingeOptions,
  "accuracy"
>({
  label: "hinge",
  graph: (output, target, options) => {
    checkSameShape("hinge", output, target);
    const costs = costsOf("hinge", mul(target, output), options);
    return reduceLoss("hinge", costs, options.reduction);
  },
  metrics: () => ({ accuracy: binaryAccuracy({ threshold: 0, targetThreshold: 0 }) }),
  problem: ({ target: { data, shape } }) =>
    outside("hinge: targets", data, shape, (t) => t === 1 || t === -1, "−1 or 1"),
});

/**
 * Hinge loss over classes, `(1/C) Σ_{c ≠ y} max(0, m − x_y + x_c)`.
 *
 * Shapes: output [..., C], target [...] of type i32 → []; `reduction: "none"` → [...].
 * Throws ShapeError or ArgumentError for other targets.
 * Source: Crammer & Singer 2001, summed over classes; PyTorch, `MultiMarginLoss`.
 */
export const multiclassHinge: LossWith<HingeOptions, "accuracy"> = /* @__PURE__ */ defineLoss<
  HingeOptions,
  "accuracy"
>({
  label: "multiclassHinge",
  graph: (output, target, options) => {
    const label = "multiclassHinge";
    const classes = output.shape.at(-1);
    const lead = output.shape.slice(0, -1);
    const fits =
      target.shape.length === lead.length && lead.every((dim, i) => dim === target.shape[i]);
    if (typeof classes !== "number" || !fits) {
      throw new ShapeError(
        `${label}: output must be [..., classes] and target [...], got ${formatShape(output.shape)} and ${formatShape(target.shape)}`,
      );
    }
    if (target.dtype !== "i32") {
      throw new ArgumentError(`${label}: class indices must be of type i32, got ${target.dtype}`);
    }
    const index = expandDims(target, -1);
    const ahead = sub(gather(output, index, -1), output);
    const zero = constant(0, output.dtype);
    const costs = where(equal(index, iota(classes)), zero, costsOf(label, ahead, options));
    return reduceLoss(label, div(sum(costs, -1), classes), options.reduction);
  },
  targetType: classIndexType,
  metrics: () => classMetrics({}),
  problem: (values) => notClasses("multiclassHinge", values, {}),
});

function costsOf(label: string, ahead: Expr, { margin = 1, squared = false }: HingeOptions): Expr {
  checkOption(label, "margin", margin, Number.isFinite, "a finite number");
  const costs = relu(sub(margin, ahead), { atZero: 0 });
  return squared ? square(costs) : costs;
}
