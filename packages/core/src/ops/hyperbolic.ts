import { call, named } from "../notation.ts";
import { elementwise, interval, real, type Unary } from "../op.ts";
import { add, div, mul, sqrt, square, sub } from "./arithmetic.ts";
import { one } from "./literals.ts";
import { hypot } from "./magnitude.ts";
import { oneMinusSquare } from "./trigonometric.ts";

/** Hyperbolic sine. Derivative `cosh x`. */
export const sinh: Unary = elementwise({
  name: "sinh",
  domain: [real],
  result: "float",
  evaluate: Math.sinh,
  partials: [(x) => cosh(x)],
  examples: [
    { at: [1e-20], value: 1e-20, partials: [1] },
    { at: [-0], value: -0, partials: [1] },
  ],
  notation: call("\\sinh"),
});

/** Hyperbolic cosine. Derivative `sinh x`. */
export const cosh: Unary = elementwise({
  name: "cosh",
  domain: [real],
  result: "float",
  evaluate: Math.cosh,
  partials: [(x) => sinh(x)],
  examples: [{ at: [1e-20], value: 1, partials: [1e-20] }],
  notation: call("\\cosh"),
});

/**
 * Hyperbolic tangent. Derivative `1 − y²`.
 *
 * It shares the one costly exponential with the value and is right to 1e-16 absolutely; where y is
 * within rounding of ±1 (|x| > 19, true derivative 4 e^(−2|x|)) it is 0.
 */
export const tanh: Unary = elementwise({
  name: "tanh",
  flat: "saturates",
  domain: [real],
  result: "float",
  evaluate: Math.tanh,
  partials: [(x, out) => sub(one(x), square(out))],
  examples: [
    { at: [1e-20], value: 1e-20, partials: [1] },
    { at: [50], value: 1, partials: [0] },
    { at: [Number.NEGATIVE_INFINITY], value: -1, partials: [0] },
  ],
  notation: call("\\tanh"),
});

/** Inverse of sinh. Derivative `1 / √(x² + 1)`, whose root is a hypot, so that it never overflows. */
export const asinh: Unary = elementwise({
  name: "asinh",
  domain: [real],
  result: "float",
  evaluate: Math.asinh,
  partials: [(x) => div(one(x), hypot(x, one(x)))],
  shown: [(x) => div(one(x), sqrt(add(square(x), one(x))))],
  examples: [
    { at: [1e-20], value: 1e-20, partials: [1] },
    // ln(2e200), to 60 digits by mpmath; x² is ∞ in floating point.
    { at: [1e200], value: 461.2101657793691, partials: [1e-200] },
    { at: [-1e200], value: -461.2101657793691, partials: [1e-200] },
  ],
  notation: named("arsinh"),
});

/** Inverse of cosh, ≥ 0. Derivative `1 / √(x² − 1)`, factored so that it keeps its digits at 1. */
export const acosh: Unary = elementwise({
  name: "acosh",
  domain: [interval(1.2, 6)],
  result: "float",
  evaluate: Math.acosh,
  partials: [(x) => div(one(x), mul(sqrt(sub(x, one(x))), sqrt(add(x, one(x)))))],
  shown: [(x) => div(one(x), sqrt(sub(square(x), one(x))))],
  examples: [
    { at: [1], value: 0, partials: [Number.POSITIVE_INFINITY] },
    // One step above 1, to 60 digits by mpmath.
    { at: [1 + 2 ** -52], value: 2.1073424255447014e-8, partials: [47453132.81212577] },
    { at: [1e200], value: 461.2101657793691, partials: [1e-200] },
  ],
  notation: named("arcosh"),
});

/** Inverse of tanh. Derivative `1 / (1 − x²)`, factored so that it keeps its digits at ±1. */
export const atanh: Unary = elementwise({
  name: "atanh",
  domain: [interval(-0.95, 0.95)],
  result: "float",
  evaluate: Math.atanh,
  partials: [(x) => div(one(x), oneMinusSquare(x))],
  shown: [(x) => div(one(x), sub(one(x), square(x)))],
  examples: [
    { at: [1], value: Number.POSITIVE_INFINITY, partials: [Number.POSITIVE_INFINITY] },
    // One step below 1, to 60 digits by mpmath.
    { at: [1 - 2 ** -53], value: 18.714973875118524, partials: [4503599627370496] },
  ],
  notation: named("artanh"),
});
