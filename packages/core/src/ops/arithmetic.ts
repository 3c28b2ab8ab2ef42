import type { Expr } from "../expr.ts";
import { infix, precedence, prefix } from "../notation.ts";
import { type Binary, elementwise, positive, real, type Unary } from "../op.ts";
import { equal, greaterEqual, logicalAnd } from "./comparison.ts";
import { log } from "./exponential.ts";
import { constant, literalValue, namedConstant } from "./leaf.ts";
import { isMask, outward, where } from "./select.ts";

/** The element type of a derivative by `x`. */
function floatOf({ dtype }: Expr): "f64" | "f32" {
  return dtype === "f32" ? "f32" : "f64";
}

/** The literal 1 of the element type of `x`. */
function one(x: Expr): Expr {
  return constant(1, floatOf(x));
}

/** A number for good: a literal, a named constant, or a quotient or opposite of literals. */
function isFixed(expr: Expr): boolean {
  return expr.args.length === 0
    ? expr.op === constant.op || expr.op === namedConstant.op
    : expr.args.length <= 2 && expr.args.every((arg) => literalValue(arg) !== undefined);
}

/** `a` and `b` are literals whose sum, difference or product is exact: whole, within 2⁵³. */
function exact(a: Expr, b: Expr, combine: (x: number, y: number) => number): Expr | undefined {
  const x = literalValue(a);
  const y = literalValue(b);
  if (x === undefined || y === undefined || a.dtype !== b.dtype) return undefined;
  if (!Number.isInteger(x) || !Number.isInteger(y)) return undefined;
  const value = combine(x, y);
  // Single precision holds whole numbers to 2²⁴, and 32-bit integers wrap.
  const bound = a.dtype === "f64" ? Number.MAX_SAFE_INTEGER : 2 ** 24;
  return Math.abs(value) <= bound ? constant(value, a.dtype) : undefined;
}

/** Whether `value` stands alone in a product with `other` of shape and type unchanged. */
function keeps(value: Expr, other: Expr): boolean {
  return value.dtype === other.dtype && value.shape.length === 0;
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
    return exact(left, right, (x, y) => x + y);
  },
  notation: infix("+", "+", precedence.sum, { associative: true }),
});

/** Difference, `a − b`. Shapes broadcast. */
export const sub: Binary = elementwise({
  name: "sub",
  domain: [real, real],
  evaluate: (a, b) => a - b,
  partials: [(a) => one(a), (_a, b) => constant(-1, floatOf(b))],
  fold: ([a, b]) => {
    const left = a as Expr;
    const right = b as Expr;
    // x − (−y) = x + y, in floating point too.
    if (right.op === neg.op) return add(left, right.args[0] as Expr);
    return exact(left, right, (x, y) => x - y);
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
  partials: [(x) => constant(-1, floatOf(x))],
  fold: ([x]) => {
    const inner = x as Expr;
    // −(−x) = x, always.
    if (inner.op === neg.op) return inner.args[0];
    if (isMask(inner)) return outward(inner, (value) => neg(value));
    const value = literalValue(inner);
    return value === undefined || inner.dtype === "i32" || inner.dtype === "bool"
      ? undefined
      : constant(-value, inner.dtype);
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
      if (exponent === 0) return constant(0, floatOf(a));
      if (exponent !== undefined || isFixed(b)) return mul(b, pow(a, sub(b, one(b))));
      return where(equal(b, 0), 0, mul(b, pow(a, sub(b, one(b)))));
    },
    (a, b, out) =>
      isFixed(a)
        ? mul(out, log(a))
        : where(logicalAnd(equal(a, 0), greaterEqual(b, 0)), 0, mul(out, log(a))),
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
  partials: [(x) => mul(constant(2, floatOf(x)), x)],
  notation: { form: "power", exponent: 2 },
});

/** Square root, `√x`. Derivative `1 / (2√x)`: +∞ at 0. */
export const sqrt: Unary = elementwise({
  name: "sqrt",
  domain: [positive],
  result: "float",
  evaluate: Math.sqrt,
  partials: [(x, out) => div(one(x), mul(constant(2, floatOf(x)), out))],
  examples: [{ at: [0], value: 0, partials: [Number.POSITIVE_INFINITY] }],
  notation: { form: "root", index: 2 },
});
