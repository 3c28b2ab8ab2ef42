import type { Expr } from "../expr.ts";
import { delimited, infix, named, precedence } from "../notation.ts";
import { type Binary, elementwise, interval, real, type Unary } from "../op.ts";
import { add, div, neg, sub } from "./arithmetic.ts";
import { equal, greaterEqual, less } from "./comparison.ts";
import { constant } from "./leaf.ts";
import { like, one } from "./literals.ts";
import { abs } from "./magnitude.ts";
import { mask, where } from "./select.ts";

/**
 * The partial of a function that is flat between its jumps: 0, as a mask that lets nothing through,
 * so that not even an infinite adjoint gets past it.
 */
export function flatPartial(x: Expr): Expr {
  return mask(constant(0, "bool"), one(x));
}

/** The same 0 as it is shown. */
export function zeroPartial(x: Expr): Expr {
  return like(x, 0);
}

/** Greatest whole number ≤ x. Derivative 0. */
export const floor: Unary = elementwise({
  name: "floor",
  domain: [real],
  evaluate: Math.floor,
  partials: [flatPartial],
  shown: [zeroPartial],
  examples: [
    { at: [2], value: 2, partials: [0] },
    { at: [-2.5], value: -3, partials: [0] },
    { at: [-0], value: -0, partials: [0] },
  ],
  notation: delimited("\\lfloor", "\\rfloor"),
});

/** Least whole number ≥ x. Derivative 0. */
export const ceil: Unary = elementwise({
  name: "ceil",
  domain: [real],
  evaluate: Math.ceil,
  partials: [flatPartial],
  shown: [zeroPartial],
  examples: [
    { at: [2], value: 2, partials: [0] },
    { at: [-0.5], value: -0, partials: [0] },
  ],
  notation: delimited("\\lceil", "\\rceil"),
});

/** Nearest whole number, halves away from 0, as mathjs and C round. Derivative 0. */
export const round: Unary = elementwise({
  name: "round",
  domain: [real],
  evaluate: roundHalfAway,
  partials: [flatPartial],
  shown: [zeroPartial],
  lower: ({ args: [x] }) => {
    const value = x as Expr;
    const below = floor(abs(value));
    const up = greaterEqual(sub(abs(value), below), 0.5);
    const size = where(up, add(below, 1), below);
    return where(equal(value, 0), value, where(less(value, 0), neg(size), size));
  },
  examples: [
    { at: [2.5], value: 3, partials: [0] },
    { at: [-2.5], value: -3, partials: [0] },
    { at: [3.5], value: 4, partials: [0] },
    { at: [-0.4], value: -0, partials: [0] },
    // Adding ½ would round this sum up to 1.
    { at: [0.49999999999999994], value: 0, partials: [0] },
    { at: [2 ** 52 + 1], value: 2 ** 52 + 1, partials: [0] },
  ],
  notation: named("round"),
});

function roundHalfAway(x: number): number {
  const below = Math.floor(Math.abs(x));
  // Exact: the two differ by less than 1 and have the same spacing.
  const size = Math.abs(x) - below >= 0.5 ? below + 1 : below;
  return x < 0 || Object.is(x, -0) ? -size : size;
}

/**
 * Remainder with the sign of the divisor, `x mod y = x − y ⌊x / y⌋`, exact; `x mod 0 = x`, as in
 * mathjs (and Knuth 1.2.4).
 *
 * Derivatives 1 and `−⌊x / y⌋`, the latter as `−(x − out) / y` rounded: a quotient just below a
 * whole number would be rounded up to it, one step beyond what the value has used.
 */
export const mod: Binary = elementwise({
  name: "mod",
  domain: [real, interval(1.5, 4)],
  evaluate: modulo,
  partials: [(x) => one(x), (x, y, out) => neg(round(div(sub(x, out), y)))],
  shown: [(x) => one(x), (x, y) => neg(floor(div(x, y)))],
  examples: [
    { at: [7, 3], value: 1, partials: [1, -2] },
    { at: [-7, 3], value: 2, partials: [1, 3] },
    { at: [7, -3], value: -2, partials: [1, 3] },
    // 1 / 0.1 is 10 in floating point, but 0.1 is more than a tenth: it fits 9 times.
    { at: [1, 0.1], value: 0.09999999999999995, partials: [1, -9] },
    { at: [6, 3], value: 0, partials: [1, -2] },
    { at: [5, 0], value: 5, partials: [1, Number.NaN] },
  ],
  notation: infix("mod", "\\bmod", precedence.product),
});

function modulo(x: number, y: number): number {
  if (y === 0) return x;
  const rest = x % y;
  if (rest === 0) return 0;
  return rest < 0 === y < 0 ? rest : rest + y;
}
