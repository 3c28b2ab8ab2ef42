import { call, named } from "../notation.ts";
import { elementwise, interval, positive, real, type Unary } from "../op.ts";
import { add, div, mul } from "./arithmetic.ts";
import { like, one } from "./literals.ts";

/** Exponential, `eˣ`; its own derivative. */
export const exp: Unary = elementwise({
  name: "exp",
  domain: [real],
  result: "float",
  evaluate: Math.exp,
  partials: [(_x, out) => out],
  examples: [
    { at: [Number.NEGATIVE_INFINITY], value: 0, partials: [0] },
    { at: [Number.POSITIVE_INFINITY], value: Number.POSITIVE_INFINITY },
  ],
  notation: { form: "exponential" },
});

/**
 * `eˣ − 1`, without cancellation near 0.
 *
 * Derivative `eˣ`: `y + 1` would be 0 once x < −37.
 */
export const expm1: Unary = elementwise({
  name: "expm1",
  domain: [real],
  result: "float",
  evaluate: Math.expm1,
  partials: [(x) => exp(x)],
  examples: [
    { at: [1e-20], value: 1e-20, partials: [1] },
    // e⁻⁵⁰, to 60 digits by mpmath.
    { at: [-50], value: -1, partials: [1.9287498479639178e-22] },
    { at: [-0], value: -0, partials: [1] },
  ],
  notation: named("expm1"),
});

/** Natural logarithm, `ln x`. Derivative `1 / x`. */
export const log: Unary = elementwise({
  name: "log",
  domain: [positive],
  result: "float",
  evaluate: Math.log,
  partials: [(x) => div(one(x), x)],
  examples: [
    { at: [0], value: Number.NEGATIVE_INFINITY, partials: [Number.POSITIVE_INFINITY] },
    { at: [-1], value: Number.NaN },
  ],
  notation: call("\\ln"),
});

/** `ln(1 + x)`, without cancellation near 0. Derivative `1 / (1 + x)`. */
export const log1p: Unary = elementwise({
  name: "log1p",
  domain: [interval(-0.9, 6)],
  result: "float",
  evaluate: Math.log1p,
  partials: [(x) => div(one(x), add(one(x), x))],
  examples: [
    { at: [1e-20], value: 1e-20, partials: [1] },
    { at: [-1], value: Number.NEGATIVE_INFINITY, partials: [Number.POSITIVE_INFINITY] },
    { at: [-0], value: -0, partials: [1] },
  ],
  notation: named("log1p"),
});

/** Binary logarithm, `log₂ x`. Derivative `1 / (x ln 2)`. */
export const log2: Unary = elementwise({
  name: "log2",
  domain: [positive],
  result: "float",
  evaluate: Math.log2,
  partials: [(x) => div(one(x), mul(x, log(like(x, 2))))],
  examples: [
    // 1 / (8 ln 2), to 60 digits by mpmath.
    { at: [8], value: 3, partials: [0.18033688011112042] },
    { at: [0], value: Number.NEGATIVE_INFINITY, partials: [Number.POSITIVE_INFINITY] },
  ],
  notation: call("\\log_{2}"),
});

/** Decimal logarithm, `log₁₀ x`. Derivative `1 / (x ln 10)`. */
export const log10: Unary = elementwise({
  name: "log10",
  domain: [positive],
  result: "float",
  evaluate: Math.log10,
  partials: [(x) => div(one(x), mul(x, log(like(x, 10))))],
  examples: [
    // 1 / (1000 ln 10), to 60 digits by mpmath.
    { at: [1000], value: 3, partials: [0.00043429448190325184] },
    { at: [0], value: Number.NEGATIVE_INFINITY, partials: [Number.POSITIVE_INFINITY] },
  ],
  notation: call("\\log_{10}"),
});
