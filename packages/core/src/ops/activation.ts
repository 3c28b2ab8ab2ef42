import type { Expr } from "../expr.ts";
import { call, named } from "../notation.ts";
import { elementwise, interval, type Unary } from "../op.ts";
import { add, div, mul, neg, sub } from "./arithmetic.ts";
import { max } from "./clip.ts";
import { exp, log1p } from "./exponential.ts";
import { one } from "./literals.ts";
import { abs } from "./magnitude.ts";

/**
 * Logistic function, `σ(x) = 1 / (1 + e⁻ˣ)`, with values in (0, 1).
 *
 * Derivative `σ(x) σ(−x)`: the textbook `y (1 − y)` cancels to 0 once x > 37; this keeps both tails.
 */
export const sigmoid: Unary = elementwise({
  name: "sigmoid",
  flat: "saturates",
  domain: [interval(-30, 30)],
  result: "float",
  evaluate: logistic,
  partials: [(x, out) => mul(out, sigmoid(neg(x)))],
  shown: [(x, out) => mul(out, sub(one(x), out))],
  lower: ({ args: [x] }) => div(one(x as Expr), add(one(x as Expr), exp(neg(x as Expr)))),
  examples: [
    { at: [0], value: 0.5, partials: [0.25] },
    // e⁻⁵⁰ / (1 + e⁻⁵⁰)², to 60 digits by mpmath; y (1 − y) gives 0 here.
    { at: [50], value: 1, partials: [1.9287498479639178e-22] },
    { at: [-50], value: 1.9287498479639178e-22, partials: [1.9287498479639178e-22] },
    { at: [Number.NEGATIVE_INFINITY], value: 0, partials: [0] },
  ],
  notation: call("\\sigma"),
});

/** `1 / (1 + e⁻ˣ)` of a number. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** `ln σ(x) = −softplus(−x)`, without overflow or cancellation. Derivative `σ(−x)`. */
export const logSigmoid: Unary = elementwise({
  name: "logSigmoid",
  domain: [interval(-30, 30)],
  result: "float",
  evaluate: (x) => -softplusOf(-x),
  partials: [(x) => sigmoid(neg(x))],
  shown: [(x) => sub(one(x), sigmoid(x))],
  lower: ({ args: [x] }) => neg(softplus(neg(x as Expr))),
  examples: [
    // ln σ(50), to 60 digits by mpmath; ln(1 / (1 + e⁻⁵⁰)) gives 0.
    { at: [50], value: -1.9287498479639178e-22, partials: [1.9287498479639178e-22] },
    { at: [-800], value: -800, partials: [1] },
    { at: [Number.POSITIVE_INFINITY], value: -0, partials: [0] },
    { at: [Number.NEGATIVE_INFINITY], value: Number.NEGATIVE_INFINITY, partials: [1] },
  ],
  notation: named("logSigmoid"),
});

/** `ln(1 + eˣ)`, as `max(x, 0) + ln(1 + e^(−|x|))`, which never overflows. Derivative `σ(x)`. */
export const softplus: Unary = elementwise({
  name: "softplus",
  flat: "rectifies",
  domain: [interval(-30, 30)],
  result: "float",
  evaluate: softplusOf,
  partials: [(x) => sigmoid(x)],
  lower: ({ args: [x] }) => add(max(x as Expr, 0), log1p(exp(neg(abs(x as Expr))))),
  examples: [
    { at: [0], value: Math.LN2, partials: [0.5] },
    { at: [800], value: 800, partials: [1] },
    { at: [-50], value: 1.9287498479639178e-22, partials: [1.9287498479639178e-22] },
    { at: [Number.NEGATIVE_INFINITY], value: 0, partials: [0] },
    { at: [Number.POSITIVE_INFINITY], value: Number.POSITIVE_INFINITY, partials: [1] },
  ],
  notation: named("softplus"),
});

function softplusOf(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/**
 * Sigmoid linear unit, `x σ(x)`, also called swish.
 *
 * Derivative `σ(x) + y σ(−x)`, which keeps both tails; textbooks write `σ(x) (1 + x (1 − σ(x)))`.
 */
export const silu: Unary = elementwise({
  name: "silu",
  flat: "rectifies",
  domain: [interval(-30, 30)],
  result: "float",
  evaluate: (x) => x * logistic(x),
  partials: [(x, out) => add(sigmoid(x), mul(out, sigmoid(neg(x))))],
  shown: [(x) => mul(sigmoid(x), add(one(x), mul(x, sub(one(x), sigmoid(x)))))],
  lower: ({ args: [x] }) => mul(x as Expr, sigmoid(x as Expr)),
  examples: [
    { at: [0], value: 0, partials: [0.5] },
    { at: [50], value: 50, partials: [1] },
    // To 60 digits by mpmath.
    { at: [-50], value: -9.643749239819589e-21, partials: [-9.450874255023197e-21] },
  ],
  notation: named("silu"),
});
