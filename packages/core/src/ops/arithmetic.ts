import { isFloat } from "../dtype.ts";
import type { Expr } from "../expr.ts";
import { infix, precedence, prefix } from "../notation.ts";
import { type Binary, elementwise, positive, real, type Unary } from "../op.ts";
import { equal, greaterEqual, logicalAnd, logicalNot, notEqual } from "./comparison.ts";
import { log } from "./exponential.ts";
import { constant, literalValue, namedConstant } from "./leaf.ts";
import { like, one } from "./literals.ts";
import { isMask, joint, mask, outward } from "./select.ts";

/** A number for good, and not 0: a literal, a named constant, a quotient or opposite of literals. */
function isFixed(expr: Expr): boolean {
  if (expr.op === namedConstant.op) return true;
  const parts = expr.op === div.op || expr.op === neg.op ? expr.args : [expr];
  return parts.every((part) => (literalValue(part) ?? 0) !== 0);
}

/** `a` and `b` are literals whose sum, difference or product is exact: whole, within 2⁵³. */
function exact(a: Expr, b: Expr, combine: (x: number, y: number) => number): Expr | undefined {
  const x = literalValue(a);
  const y = literalValue(b);
  if (x === undefined || y === undefined || a.dtype !== b.dtype) return undefined;
  // Truth values add up to integers.
  if (a.dtype === "bool" || !Number.isInteger(x) || !Number.isInteger(y)) return undefined;
  const value = combine(x, y);
  // Single precision holds whole numbers to 2²⁴, and 32-bit integers wrap.
  const bound = a.dtype === "f64" ? Number.MAX_SAFE_INTEGER : 2 ** 24;
  return Math.abs(value) <= bound ? constant(value, a.dtype) : undefined;
}

/** Whether an op on the number `value` and `other` has the shape and type of `other`. */
function keeps(value: Expr, other: Expr): boolean {
  return value.dtype === other.dtype && value.shape.length === 0 && isFloat(value.dtype);
}

/** Sum, `a + b`. Shapes broadcast. */
export const add: Binary = elementwise({
  name: "add",
  domain: [real, real],
  evaluate: (a, b) => a + b,
  partials: [(a) => one(a), (_a, b) => one(b)],
  fold: ([a, b]) => {
    const left = a as Expr;
    const right = b as Expr;
    // x + (−y) = x − y, in floating point too.
    if (right.op === neg.op) return sub(left, right.args[0] as Expr);
    return joint(left, right, add) ?? exact(left, right, (x, y) => x + y);
  },
  notation: infix("+", "+", precedence.sum, { associative: true }),
});

/** Difference, `a − b`. Shapes broadcast. */
export const sub: Binary = elementwise({
  name: "sub",
  domain: [real, real],
  evaluate: (a, b) => a - b,
  partials: [(a) => one(a), (_a, b) => like(b, -1)],
  fold: ([a, b]) => {
    const left = a as Expr;
    const right = b as Expr;
    // x − (−y) = x + y, in floating point too.
    if (right.op === neg.op) return add(left, right.args[0] as Expr);
    return joint(left, right, sub) ?? exact(left, right, (x, y) => x - y);
  },
  notation: infix("-", "-", precedence.sum),
});

/** Product, `a · b`. Shapes broadcast. */
export const mul: Binary = elementwise({
  name: "mul",
  domain: [real, real],
  evaluate: (a, b) => a * b,
  integer: Math.imul,
  partials: [(_a, b) => b, (a) => a],
  fold: ([a, b]) => {
    const left = a as Expr;
    const right = b as Expr;
    const x = literalValue(left);
    const y = literalValue(right);
    // 1 · x = x and −1 · x = −x, NaN, ∞ and −0 included.
    if (x === 1 && keeps(left, right)) return right;
    if (y === 1 && keeps(right, left)) return left;
    if (x === -1 && keeps(left, right)) return neg(right);
    if (y === -1 && keeps(right, left)) return neg(left);
    if (isMask(left)) return outward(left, (inner) => mul(inner, right));
    if (isMask(right)) return outward(right, (inner) => mul(left, inner));
    return exact(left, right, (p, q) => p * q);
  },
  notation: { form: "product" },
});

/**
 * Quotient, `a / b`. Shapes broadcast. Integers are divided as f64.
 *
 * Its own reverse rule shares the quotient: `ā = ȳ / b`, `b̄ = −(ȳ / b) y`.
 */
export const div: Binary = elementwise({
  name: "div",
  domain: [real, positive],
  result: "float",
  evaluate: (a, b) => a / b,
  partials: [(_a, b) => div(one(b), b), (_a, b, out) => neg(div(out, b))],
  shown: [(_a, b) => div(one(b), b), (a, b) => neg(div(a, square(b)))],
  vjp: (node, adjoint, wanted) => {
    const share = div(adjoint, node.args[1] as Expr);
    return [
      wanted[0] === true ? share : undefined,
      wanted[1] === true ? neg(mul(share, node)) : undefined,
    ];
  },
  fold: ([a, b]) => {
    const left = a as Expr;
    const right = b as Expr;
    if (literalValue(right) === 1 && keeps(right, left)) return left;
    if (isMask(left)) return outward(left, (inner) => div(inner, right));
    return undefined;
  },
  notation: { form: "fraction" },
});

/** Opposite, `−x`. */
export const neg: Unary = elementwise({
  name: "neg",
  domain: [real],
  evaluate: (x) => -x,
  partials: [(x) => like(x, -1)],
  fold: ([x]) => {
    const inner = x as Expr;
    // −(−x) = x, always.
    if (inner.op === neg.op && inner.args[0]?.dtype === inner.dtype) return inner.args[0];
    if (isMask(inner)) return outward(inner, (value) => neg(value));
    const value = literalValue(inner);
    return value === undefined || !isFloat(inner.dtype) ? undefined : constant(-value, inner.dtype);
  },
  notation: prefix("-", "-"),
});

/**
 * Power, `aᵇ`, as `Math.pow`.
 *
 * `∂ₐ = b aᵇ⁻¹`, and 0 where b = 0; `∂_b = aᵇ ln a`, and 0 at a = 0, b ≥ 0 (JAX's choice).
 * For a < 0 the derivative by b is NaN; a constant b never meets a logarithm.
 */
export const pow: Binary = elementwise({
  name: "pow",
  domain: [positive, real],
  result: "float",
  evaluate: (a, b) => a ** b,
  partials: [
    (a, b) => {
      const exponent = literalValue(b);
      if (exponent === 0) return like(a, 0);
      const partial = mul(b, pow(a, sub(b, one(b))));
      return isFixed(b) ? partial : mask(notEqual(b, 0), partial);
    },
    (a, b, out) => {
      const partial = mul(out, log(a));
      if (isFixed(a)) return partial;
      return mask(logicalNot(logicalAnd(equal(a, 0), greaterEqual(b, 0))), partial);
    },
  ],
  shown: [(a, b) => mul(b, pow(a, sub(b, one(b)))), (a, _b, out) => mul(out, log(a))],
  fold: ([a, b]) => {
    const exponent = literalValue(b as Expr);
    // x¹ = x, always (and x² keeps its own node).
    return exponent === 1 && keeps(b as Expr, a as Expr) ? a : undefined;
  },
  examples: [
    { at: [0, 0], value: 1, partials: [0, 0] },
    { at: [0, 2], value: 0, partials: [0, 0] },
    { at: [0, 0.5], value: 0, partials: [Number.POSITIVE_INFINITY, 0] },
    {
      at: [0, -1],
      value: Number.POSITIVE_INFINITY,
      partials: [undefined, Number.NEGATIVE_INFINITY],
    },
    { at: [5, 0], value: 1, partials: [0, Math.log(5)] },
    { at: [-2, 3], value: -8, partials: [12, Number.NaN] },
    { at: [Number.NaN, 0], value: 1 },
  ],
  notation: { form: "power" },
});

/** Square, `x²`. */
export const square: Unary = elementwise({
  name: "square",
  domain: [real],
  evaluate: (x) => x * x,
  integer: (x) => Math.imul(x, x),
  partials: [(x) => mul(like(x, 2), x)],
  notation: { form: "power", exponent: 2 },
});

/** Square root, `√x`. Derivative `1 / (2√x)`: +∞ at 0. */
export const sqrt: Unary = elementwise({
  name: "sqrt",
  domain: [positive],
  result: "float",
  evaluate: Math.sqrt,
  partials: [(x, out) => div(one(x), mul(like(x, 2), out))],
  examples: [{ at: [0], value: 0, partials: [Number.POSITIVE_INFINITY] }],
  notation: { form: "root", index: 2 },
});

/** Reciprocal, `1 / x`. Derivative `−y²`. */
export const reciprocal: Unary = elementwise({
  name: "reciprocal",
  domain: [positive],
  result: "float",
  evaluate: (x) => 1 / x,
  partials: [(_x, out) => neg(square(out))],
  shown: [(x) => neg(reciprocal(square(x)))],
  lower: ({ args: [x], dtype }) => div(constant(1, dtype), x as Expr),
  examples: [
    { at: [-4], value: -0.25, partials: [-0.0625] },
    { at: [0], value: Number.POSITIVE_INFINITY, partials: [Number.NEGATIVE_INFINITY] },
  ],
  notation: { form: "power", exponent: -1 },
});

/** Cube root, `∛x`, of either sign. Derivative `1 / (3y²)`: +∞ at 0. */
export const cbrt: Unary = elementwise({
  name: "cbrt",
  domain: [positive],
  result: "float",
  evaluate: Math.cbrt,
  partials: [(x, out) => div(one(x), mul(like(x, 3), square(out)))],
  examples: [
    { at: [0], value: 0, partials: [Number.POSITIVE_INFINITY] },
    { at: [-8], value: -2, partials: [1 / 12] },
  ],
  notation: { form: "root", index: 3 },
});
