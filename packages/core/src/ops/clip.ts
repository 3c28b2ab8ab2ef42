import type { Expr } from "../expr.ts";
import { call, named } from "../notation.ts";
import { type Binary, elementwise, interval, real, type Ternary } from "../op.ts";
import { equal, greaterEqual, less, lessEqual, logicalAnd } from "./comparison.ts";
import { like, one } from "./literals.ts";
import { mask, where } from "./select.ts";

/** Smaller of two, NaN if one is. Derivatives 1 and 0, and ½ each at a tie (CasADi, JAX). */
export const min: Binary = elementwise({
  name: "min",
  domain: [real, real],
  evaluate: (a, b) => Math.min(a, b),
  partials: [(a, b) => chosen(lessEqual(a, b), a, b), (a, b) => chosen(lessEqual(b, a), b, a)],
  examples: [
    { at: [2, 2], value: 2, partials: [0.5, 0.5] },
    { at: [1, 2], value: 1, partials: [1, 0] },
    { at: [0, -0], value: -0, partials: [0.5, 0.5] },
    { at: [Number.NaN, 1], value: Number.NaN },
  ],
  notation: call("\\min"),
});

/** Larger of two, NaN if one is. Derivatives 1 and 0, and ½ each at a tie (CasADi, JAX). */
export const max: Binary = elementwise({
  name: "max",
  domain: [real, real],
  evaluate: (a, b) => Math.max(a, b),
  partials: [
    (a, b) => chosen(greaterEqual(a, b), a, b),
    (a, b) => chosen(greaterEqual(b, a), b, a),
  ],
  examples: [
    { at: [2, 2], value: 2, partials: [0.5, 0.5] },
    { at: [1, 2], value: 2, partials: [0, 1] },
    { at: [-0, 0], value: 0, partials: [0.5, 0.5] },
    { at: [1, Number.NaN], value: Number.NaN },
  ],
  notation: call("\\max"),
});

/** 1 where `x` is chosen, ½ where `other` equals it, 0 elsewhere. */
function chosen(reached: Expr, x: Expr, other: Expr): Expr {
  return mask(reached, where(equal(x, other), like(x, 0.5), one(x)));
}

/**
 * `x` kept within bounds, `min(max(x, low), high)`. Shapes broadcast.
 *
 * The derivative by x is 1 between the bounds and at them (PyTensor's choice), else 0; a bound has
 * derivative 1 beyond it.
 */
export const clip: Ternary = elementwise({
  name: "clip",
  flat: "rectifies",
  domain: [real, interval(-2, -1), interval(1, 2)],
  evaluate: (x, low, high) => Math.min(Math.max(x, low), high),
  partials: [
    (x, low, high) => mask(logicalAnd(lessEqual(low, x), lessEqual(x, high)), one(x)),
    (x, low, high) => mask(logicalAnd(less(x, low), lessEqual(low, high)), one(low)),
    (x, low, high) => mask(less(high, max(x, low)), one(high)),
  ],
  lower: ({ args: [x, low, high] }) => min(max(x as Expr, low as Expr), high as Expr),
  examples: [
    { at: [1, 0, 1], value: 1, partials: [1, 0, 0] },
    { at: [0, 0, 1], value: 0, partials: [1, 0, 0] },
    { at: [2, 0, 1], value: 1, partials: [0, 0, 1] },
    { at: [-2, 0, 1], value: 0, partials: [0, 1, 0] },
    // Bounds that cross: the upper one holds.
    { at: [0, 3, 1], value: 1, partials: [0, 0, 1] },
    { at: [0.5, 0, 1], value: 0.5, partials: [1, 0, 0] },
  ],
  notation: named("clip"),
});
