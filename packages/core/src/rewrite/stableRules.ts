import type { Expr } from "../expr.ts";
import { logSigmoid, sigmoid, softplus } from "../ops/activation.ts";
import { add, div, neg, sub } from "../ops/arithmetic.ts";
import { erf, erfc } from "../ops/errorFunction.ts";
import { exp, expm1, log, log1p } from "../ops/exponential.ts";
import { broadcastTo, reshape } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { logSoftmax, logSumExp, softmax } from "../ops/softmax.ts";
import { any, either, form, literal, type Rule, rule } from "./pattern.ts";

const x = any("x");
const one = literal(1);

/**
 * Rewrites to forms that lose no digits and do not overflow, in their order: longer forms first.
 *
 * In exact arithmetic both sides are equal; in floating point the right side is nearer to the truth,
 * and finite where the left overflows.
 */
export const stableRules: readonly Rule[] = [
  // ln(1 + eˣ) = softplus(x)
  rule("softplus", log.op, form(log.op, either(add.op, one, form(exp.op, x))), (part) =>
    softplus(part("x")),
  ),
  rule("softplus of log1p", log1p.op, form(log1p.op, form(exp.op, x)), (part) =>
    softplus(part("x")),
  ),
  // ln(1 − x) = log1p(−x)
  rule("log1p of an opposite", log.op, form(log.op, form(sub.op, one, x)), (part) =>
    log1p(neg(part("x"))),
  ),
  // ln(1 + x) = log1p(x)
  rule("log1p", log.op, form(log.op, either(add.op, one, x)), (part) => log1p(part("x"))),
  // ln(σ(x)) = −softplus(−x)
  rule("logarithm of sigmoid", log.op, form(log.op, form(sigmoid.op, x)), (part) =>
    logSigmoid(part("x")),
  ),
  // ln Σ eˣ, shifted by the largest x
  rule("logSumExp", log.op, form(log.op, form(sum.op, form(exp.op, x))), (part, node) => {
    const { axes, keepDims } = (node.args[0] as Expr).attributes;
    return logSumExp(part("x"), axes as readonly number[], { keepDims: keepDims === true });
  }),
  // ln(softmax(x))
  rule("logSoftmax", log.op, form(log.op, form(softmax.op, x)), (part, node) =>
    logSoftmax(part("x"), (node.args[0] as Expr).attributes["axes"] as readonly number[]),
  ),
  // eˣ / Σ eˣ, shifted by the largest x
  rule("softmax", div.op, form(div.op, form(exp.op, x), any("total")), (part) =>
    softmaxOf(part("x"), part("total")),
  ),
  // eˣ − 1 = expm1(x)
  rule("expm1", sub.op, form(sub.op, form(exp.op, x), one), (part) => expm1(part("x"))),
  rule("expm1 as a sum", add.op, either(add.op, form(exp.op, x), literal(-1)), (part) =>
    expm1(part("x")),
  ),
  // 1 / (1 + e⁻ˣ) = σ(x)
  rule(
    "sigmoid",
    div.op,
    form(div.op, one, either(add.op, one, form(exp.op, form(neg.op, x)))),
    (part) => sigmoid(part("x")),
  ),
  // 1 − σ(x) = σ(−x)
  rule("one minus sigmoid", sub.op, form(sub.op, one, form(sigmoid.op, x)), (part) =>
    sigmoid(neg(part("x"))),
  ),
  // 1 − erf(x) = erfc(x)
  rule("one minus erf", sub.op, form(sub.op, one, form(erf.op, x)), (part) => erfc(part("x"))),
];

/** The sum may stand behind the broadcasts that bring it beside its terms. */
function softmaxOf(arg: Expr, total: Expr): Expr | undefined {
  let inner = total;
  while (inner.op === broadcastTo.op || inner.op === reshape.op) inner = inner.args[0] as Expr;
  const { axes, keepDims } = inner.attributes;
  if (inner.op !== sum.op || inner.args[0] !== exp(arg)) return undefined;
  const over = axes as readonly number[];
  const kept = sum(exp(arg), over, { keepDims: true });
  // With all axes a plain sum broadcasts as one with kept axes does; else the axes must line up.
  const whole = over.length === arg.shape.length && total === inner;
  const lined = whole || keepDims === true ? inner : kept;
  const candidates = [
    lined,
    broadcastTo(kept, arg.shape),
    broadcastTo(reshape(inner, kept.shape), arg.shape),
    reshape(inner, kept.shape),
  ];
  return candidates.includes(total) ? softmax(arg, over) : undefined;
}
