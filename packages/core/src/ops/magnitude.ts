import type { Expr } from "../expr.ts";
import { delimited, named } from "../notation.ts";
import { type Binary, elementwise, positive, real, type Unary } from "../op.ts";
import { add, div, mul, sqrt, square } from "./arithmetic.ts";
import { max } from "./clip.ts";
import { greater, less, logicalAnd, notEqual } from "./comparison.ts";
import { one } from "./literals.ts";
import { flatPartial, zeroPartial } from "./rounding.ts";
import { mask, where } from "./select.ts";

/** Absolute value, `|x|`. Derivative `sign x`: 0 at 0 (the choice of CasADi and PyTensor). */
export const abs: Unary = elementwise({
  name: "abs",
  domain: [real],
  evaluate: Math.abs,
  partials: [(x) => sign(x)],
  examples: [
    { at: [0], value: 0, partials: [0] },
    { at: [-0], value: 0, partials: [-0] },
    { at: [-3], value: 3, partials: [-1] },
  ],
  notation: delimited("|", "|"),
});

/** Sign: −1, 0 or 1; a zero keeps its own. Derivative 0. */
export const sign: Unary = elementwise({
  name: "sign",
  domain: [real],
  evaluate: Math.sign,
  partials: [flatPartial],
  shown: [zeroPartial],
  lower: ({ args: [x] }) =>
    where(greater(x as Expr, 0), 1, where(less(x as Expr, 0), -1, x as Expr)),
  examples: [
    { at: [0], value: 0, partials: [0] },
    { at: [-0], value: -0, partials: [0] },
    { at: [-7], value: -1, partials: [0] },
  ],
  notation: named("sign"),
});

/**
 * Length of the vector (a, b), `√(a² + b²)`, scaled so that squares neither overflow nor vanish.
 *
 * Derivatives `a / y` and `b / y`, and 0 at the origin (the convention of ChainRules and PyTorch).
 */
export const hypot: Binary = elementwise({
  name: "hypot",
  domain: [real, positive],
  result: "float",
  evaluate: (a, b) => Math.hypot(a, b),
  partials: [
    (a, _b, out) => mask(notEqual(out, 0), div(a, out)),
    (_a, b, out) => mask(notEqual(out, 0), div(b, out)),
  ],
  shown: [(a, _b, out) => div(a, out), (_a, b, out) => div(b, out)],
  lower: ({ args: [a, b] }) => {
    const largest = max(abs(a as Expr), abs(b as Expr));
    const ordinary = logicalAnd(greater(largest, 0), less(largest, Number.POSITIVE_INFINITY));
    const scale = where(ordinary, largest, one(largest));
    return mul(scale, sqrt(add(square(div(a as Expr, scale)), square(div(b as Expr, scale)))));
  },
  examples: [
    { at: [0, 0], value: 0, partials: [0, 0] },
    { at: [3, -4], value: 5, partials: [0.6, -0.8] },
    { at: [3e200, 4e200], value: 5e200, partials: [0.6, 0.8] },
    { at: [3e-200, 4e-200], value: 5e-200, partials: [0.6, 0.8] },
    { at: [Number.NEGATIVE_INFINITY, 1], value: Number.POSITIVE_INFINITY },
  ],
  notation: named("hypot"),
});
