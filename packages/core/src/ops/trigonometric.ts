import type { Expr } from "../expr.ts";
import { call, named } from "../notation.ts";
import { type Binary, elementwise, interval, real, type Unary } from "../op.ts";
import { add, div, mul, neg, sqrt, square, sub } from "./arithmetic.ts";
import { one } from "./literals.ts";
import { hypot } from "./magnitude.ts";

/** Sine. Derivative `cos x`. */
export const sin: Unary = elementwise({
  name: "sin",
  domain: [real],
  result: "float",
  evaluate: Math.sin,
  partials: [(x) => cos(x)],
  notation: call("\\sin"),
});

/** Cosine. Derivative `−sin x`. */
export const cos: Unary = elementwise({
  name: "cos",
  domain: [real],
  result: "float",
  evaluate: Math.cos,
  partials: [(x) => neg(sin(x))],
  notation: call("\\cos"),
});

/** Tangent. Derivative `1 + y²`, which textbooks also write `1 / cos² x`. */
export const tan: Unary = elementwise({
  name: "tan",
  domain: [interval(-1.3, 1.3)],
  result: "float",
  evaluate: Math.tan,
  partials: [(x, out) => add(one(x), square(out))],
  shown: [(x) => div(one(x), square(cos(x)))],
  examples: [
    // The double nearest π/2, to 60 digits by mpmath.
    { at: [Math.PI / 2], value: 1.633123935319537e16, partials: [2.667093788113571e32] },
  ],
  notation: call("\\tan"),
});

/** Arcsine, in [−π/2, π/2]. Derivative `1 / √(1 − x²)`, factored so that it keeps its digits at ±1. */
export const asin: Unary = elementwise({
  name: "asin",
  domain: [interval(-0.95, 0.95)],
  result: "float",
  evaluate: Math.asin,
  partials: [(x) => div(one(x), sqrt(oneMinusSquare(x)))],
  shown: [(x) => div(one(x), sqrt(sub(one(x), square(x))))],
  examples: [
    { at: [1], value: Math.PI / 2, partials: [Number.POSITIVE_INFINITY] },
    { at: [-1], value: -Math.PI / 2, partials: [Number.POSITIVE_INFINITY] },
    // One step below 1, to 60 digits by mpmath.
    { at: [1 - 2 ** -53], value: 1.5707963118937354, partials: [67108864] },
  ],
  notation: call("\\arcsin"),
});

/** Arccosine, in [0, π]. Derivative `−1 / √(1 − x²)`, factored so that it keeps its digits at ±1. */
export const acos: Unary = elementwise({
  name: "acos",
  domain: [interval(-0.95, 0.95)],
  result: "float",
  evaluate: Math.acos,
  partials: [(x) => neg(div(one(x), sqrt(oneMinusSquare(x))))],
  shown: [(x) => neg(div(one(x), sqrt(sub(one(x), square(x)))))],
  examples: [
    { at: [1], value: 0, partials: [Number.NEGATIVE_INFINITY] },
    { at: [-1], value: Math.PI, partials: [Number.NEGATIVE_INFINITY] },
    { at: [1 - 2 ** -53], value: 1.4901161193847656e-8, partials: [-67108864] },
  ],
  notation: call("\\arccos"),
});

/** `1 − x²` as `(1 − x)(1 + x)`: both factors are exact near the end where the square cancels. */
export function oneMinusSquare(x: Expr): Expr {
  return mul(sub(one(x), x), add(one(x), x));
}

/** Arctangent, in (−π/2, π/2). Derivative `1 / (1 + x²)`. */
export const atan: Unary = elementwise({
  name: "atan",
  flat: "saturates",
  domain: [real],
  result: "float",
  evaluate: Math.atan,
  partials: [(x) => div(one(x), add(one(x), square(x)))],
  examples: [
    { at: [1], value: Math.PI / 4, partials: [0.5] },
    { at: [1e100], value: Math.PI / 2, partials: [1e-200] },
    { at: [Number.POSITIVE_INFINITY], value: Math.PI / 2, partials: [0] },
  ],
  notation: call("\\arctan"),
});

/**
 * Angle of the point (x, y), `atan2(y, x)`, in [−π, π].
 *
 * Derivatives `x / r²` and `−y / r²` with `r² = x² + y²`, computed as `(x / r) / r`, which neither
 * overflows nor vanishes. NaN at the origin, where the angle has no limit.
 */
export const atan2: Binary = elementwise({
  name: "atan2",
  domain: [real, interval(0.1, 4)],
  result: "float",
  evaluate: Math.atan2,
  partials: [
    (y, x) => div(div(x, hypot(y, x)), hypot(y, x)),
    (y, x) => neg(div(div(y, hypot(y, x)), hypot(y, x))),
  ],
  shown: [
    (y, x) => div(x, add(square(x), square(y))),
    (y, x) => neg(div(y, add(square(x), square(y)))),
  ],
  examples: [
    { at: [0, 0], value: 0, partials: [Number.NaN, Number.NaN] },
    { at: [0, -1], value: Math.PI, partials: [-1, -0] },
    { at: [1, 0], value: Math.PI / 2, partials: [0, -1] },
    // x² + y² is ∞ and 0 in floating point.
    { at: [1e200, 1e200], value: Math.PI / 4, partials: [5e-201, -5e-201] },
    { at: [1e-200, 1e-200], value: Math.PI / 4, partials: [5e199, -5e199] },
  ],
  notation: named("atan2"),
});
