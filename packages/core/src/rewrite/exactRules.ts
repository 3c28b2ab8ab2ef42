import { isFloat } from "../dtype.ts";
import type { Expr } from "../expr.ts";
import { add, div, mul, neg, pow, sqrt, square, sub } from "../ops/arithmetic.ts";
import { logicalNot } from "../ops/comparison.ts";
import { constant, literalValue } from "../ops/leaf.ts";
import { abs } from "../ops/magnitude.ts";
import { where } from "../ops/select.ts";
import { cos } from "../ops/trigonometric.ts";
import { any, form, literal, type Part, type Rule, rule } from "./pattern.ts";
import { isNonnegative } from "./signs.ts";

const x = any("x");
const y = any("y");

/**
 * Rewrites that leave every bit of every value as it is, NaN, ∞ and −0 included, in their order.
 *
 * Those with which an op folds itself while derivatives are built (x · 1, −(−x), reshapes of reshapes)
 * are applied too, and not repeated here.
 */
export const exactRules: readonly Rule[] = [
  // x − 0 = x, and −0 − 0 = −0
  rule("subtract nothing", sub.op, form(sub.op, x, literal(0)), (part) => part("x")),
  // x + (−0) = x
  rule("add minus nothing", add.op, form(add.op, x, literal(-0)), (part) => part("x")),
  // (−x) + y = y − x
  rule("add an opposite", add.op, form(add.op, form(neg.op, x), y), (part) =>
    sub(part("y"), part("x")),
  ),
  // (−x) (−y) = x y
  rule("product of opposites", mul.op, form(mul.op, form(neg.op, x), form(neg.op, y)), (part) =>
    mul(part("x"), part("y")),
  ),
  // (−x) / (−y) = x / y, but of integers −(−2³¹) is −2³¹
  rule("quotient of opposites", div.op, form(div.op, form(neg.op, x), form(neg.op, y)), (part) =>
    isFloat(part("x").dtype) && isFloat(part("y").dtype) ? div(part("x"), part("y")) : undefined,
  ),
  // x x = x²
  rule("product with itself", mul.op, form(mul.op, x, x), (part) => square(part("x"))),
  // x / c = x · (1/c) where 1/c is exact: powers of 2
  rule("quotient by a power of 2", div.op, form(div.op, x, any("c")), reciprocal),
  // x² = x x
  rule("power 2", pow.op, form(pow.op, x, literal(2)), (part) => square(part("x"))),
  // x⁻¹ = 1 / x
  rule("power −1", pow.op, form(pow.op, x, literal(-1)), (part) =>
    div(constant(1, part("x").dtype), part("x")),
  ),
  // x^½ = √x for x ≥ +0; at −0 and −∞ they differ
  rule("power 1/2", pow.op, form(pow.op, x, literal(0.5)), (part) =>
    isNonnegative(part("x")) ? sqrt(part("x")) : undefined,
  ),
  // (−x)² = x² = |x|²
  rule("square of an opposite", square.op, form(square.op, form(neg.op, x)), (part) =>
    square(part("x")),
  ),
  rule("square of an absolute value", square.op, form(square.op, form(abs.op, x)), (part) =>
    square(part("x")),
  ),
  // |−x| = |x|, and |x| = x for x ≥ +0
  rule("absolute value of an opposite", abs.op, form(abs.op, form(neg.op, x)), (part) =>
    abs(part("x")),
  ),
  rule("absolute value of no negative", abs.op, form(abs.op, x), (part) =>
    isNonnegative(part("x")) ? part("x") : undefined,
  ),
  // cos(−x) = cos(x)
  rule("cosine of an opposite", cos.op, form(cos.op, form(neg.op, x)), (part) => cos(part("x"))),
  // where(c, x, x) = x
  rule("either branch", where.op, form(where.op, any("c"), x, x), (part) => part("x")),
  // where(1, x, y) = x, where(0, x, y) = y
  rule("known branch", where.op, form(where.op, any("c"), x, y), (part) => {
    const condition = literalValue(part("c"));
    if (condition === undefined) return undefined;
    return part(condition !== 0 ? "x" : "y");
  }),
  // where(not c, x, y) = where(c, y, x)
  rule(
    "branches exchanged",
    where.op,
    form(where.op, form(logicalNot.op, any("c")), x, y),
    (part) => where(part("c"), part("y"), part("x")),
  ),
];

/** Least exponent of 2 whose reciprocal is a normal number in single precision too. */
const LEAST = -126;

function reciprocal(part: Part, node: Expr): Expr | undefined {
  const value = literalValue(part("c"));
  if (value === undefined || value === 0 || part("c").dtype !== node.dtype) return undefined;
  const exponent = Math.log2(Math.abs(value));
  const exact = Number.isInteger(exponent) && 2 ** exponent === Math.abs(value);
  if (!exact || exponent < LEAST || exponent > -LEAST || exponent === 0) return undefined;
  return mul(constant(1 / value, node.dtype), part("x"));
}
