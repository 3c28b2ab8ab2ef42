import { call } from "../notation.ts";
import { elementwise, interval, real, type Unary } from "../op.ts";
import { mul, neg, square, sub } from "./arithmetic.ts";
import { constant } from "./leaf.ts";

/** Hyperbolic tangent. Derivative `1 − y²`. */
export const tanh: Unary = elementwise({
  name: "tanh",
  flat: "saturates",
  domain: [real],
  result: "float",
  evaluate: Math.tanh,
  partials: [(x, out) => sub(constant(1, x.dtype), square(out))],
  notation: call("\\tanh"),
});

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
  evaluate: (x) => 1 / (1 + Math.exp(-x)),
  partials: [(x, out) => mul(out, sigmoid(neg(x)))],
  shown: [(x, out) => mul(out, sub(constant(1, x.dtype), out))],
  examples: [
    { at: [0], value: 0.5, partials: [0.25] },
    // e⁻⁵⁰ / (1 + e⁻⁵⁰)²; y (1 − y) gives 0 here.
    { at: [50], value: 1, partials: [1.9287498479639178e-22] },
    { at: [-50], value: 1.9287498479639178e-22, partials: [1.9287498479639178e-22] },
  ],
  notation: call("\\sigma"),
});
