import {
  abs,
  add,
  atan as atanOf,
  cast,
  cos,
  div,
  type Expr,
  equal,
  exp,
  expm1 as expm1Of,
  greater,
  less,
  log,
  log1p as log1pOf,
  logicalAnd,
  max,
  min,
  mul,
  neg,
  pow,
  sin,
  sqrt,
  square,
  sub,
  tanh,
  where,
} from "@chainrule/core";

/*
 * Functions that ONNX lacks, or for which ONNX Runtime has no kernel in double precision, by those that
 * are there. Each keeps the digits of the function: no cancellation near 0, no overflow before its own.
 */

/** Argument i in the node's element type. */
function argument({ args, dtype }: Expr, i = 0): Expr {
  const arg = args[i] as Expr;
  return arg.dtype === dtype ? arg : cast(arg, dtype);
}

/** `value` with the sign of x. */
function withSign(x: Expr, value: Expr): Expr {
  return where(less(x, 0), neg(value), value);
}

function atanLike(x: Expr): Expr {
  return x.dtype === "f64" ? atanOfDouble(x) : atanOf(x);
}

/** `eˣ − 1`: near 0, where the difference would cancel, `2t / (1 − t)` with `t = tanh(x / 2)`. */
export function expm1(node: Expr): Expr {
  const x = argument(node);
  const near = less(abs(x), 1);
  const t = tanh(mul(where(near, x, 0), 0.5));
  return where(near, div(mul(t, 2), sub(1, t)), sub(exp(x), 1));
}

/** `ln(1 + x)`: near 0 `x ln u / (u − 1)` with `u = 1 + x` rounded, the error of which cancels (Kahan). */
export function log1p(node: Expr): Expr {
  const x = argument(node);
  const u = add(x, 1);
  const small = less(abs(x), 0.5);
  const safe = where(equal(u, 1), 2, u);
  const near = where(equal(u, 1), x, div(mul(x, log(safe)), sub(safe, 1)));
  return where(small, near, log(u));
}

/** `sinh |x| = ½ (e + e / (e + 1))` with `e = e^|x| − 1`; far out `½ w²` with `w = e^(|x| / 2)`. */
export function sinh(node: Expr): Expr {
  const x = argument(node);
  const size = abs(x);
  const e = expm1Of(min(size, 20));
  const near = mul(add(e, div(e, add(e, 1))), 0.5);
  const w = exp(mul(size, 0.5));
  return withSign(x, where(less(size, 20), near, mul(mul(w, 0.5), w)));
}

/** `½ (w² + w⁻²)` with `w = e^(|x| / 2)`, which overflows no sooner than the result. */
export function cosh(node: Expr): Expr {
  const w = exp(mul(abs(argument(node)), 0.5));
  return add(mul(mul(w, 0.5), w), div(div(0.5, w), w));
}

/** `sin x / cos x` */
export function tan(node: Expr): Expr {
  const x = argument(node);
  return div(sin(x), cos(x));
}

/** Beyond this the arctangent is ±π/2 to the last digit, and products stay finite. */
const STEEP = 1e150;

/** The angle y₀ in single precision, corrected by that between it and x: `(x c − s) / (c + x s)`. */
function atanOfDouble(given: Expr): Expr {
  const x = max(min(given, STEEP), -STEEP);
  const rough = cast(atanOf(cast(x, "f32")), "f64");
  const s = sin(rough);
  const c = cos(rough);
  const d = div(sub(mul(x, c), s), add(c, mul(x, s)));
  // The series of an angle below 1e-7: its next term is beyond double precision.
  return add(rough, sub(d, div(mul(d, square(d)), 3)));
}

/** Arctangent in double precision. */
export function atan(node: Expr): Expr {
  return atanOfDouble(argument(node));
}

/** `arctan(x / √((1 − x)(1 + x)))` */
export function asin(node: Expr): Expr {
  const x = argument(node);
  return atanLike(div(x, sqrt(mul(sub(1, x), add(1, x)))));
}

/** `2 arctan √((1 − x) / (1 + x))` */
export function acos(node: Expr): Expr {
  const x = argument(node);
  return mul(atanLike(sqrt(div(sub(1, x), add(1, x)))), 2);
}

/** The angle within an eighth of the circle, then reflected to where the point lies. */
export function atan2(node: Expr): Expr {
  const [y, x] = [argument(node, 0), argument(node, 1)];
  const [height, width] = [abs(y), abs(x)];
  const small = min(height, width);
  const large = max(height, width);
  // Equal sides: an eighth, infinite ones too. No side: 0.
  const ratio = where(equal(large, 0), 0, where(equal(small, large), 1, div(small, large)));
  const eighth = atanLike(ratio);
  const quarter = where(greater(height, width), sub(Math.PI / 2, eighth), eighth);
  const half = where(less(x, 0), sub(Math.PI, quarter), quarter);
  const known = where(less(y, 0), neg(half), half);
  // A side that is no number gives no angle: its comparisons all failed.
  return where(logicalAnd(equal(x, x), equal(y, y)), known, Number.NaN);
}

/** Beyond this `√(x² + 1)` is |x| to the last digit. */
const FAR = 1e8;

const LN2 = Math.LN2;

/** `ln(1 + a + a² / (1 + √(a² + 1)))` of `a = |x|`; far out `ln a + ln 2`. */
export function asinh(node: Expr): Expr {
  const x = argument(node);
  const size = abs(x);
  const a = min(size, FAR);
  const squared = square(a);
  const near = log1pOf(add(a, div(squared, add(1, sqrt(add(squared, 1))))));
  return withSign(x, where(less(size, FAR), near, add(log(max(size, 1)), LN2)));
}

/** `ln(1 + t + √(2t + t²))` of `t = x − 1`; far out `ln x + ln 2`. */
export function acosh(node: Expr): Expr {
  const x = argument(node);
  const t = sub(min(x, FAR), 1);
  const near = log1pOf(add(t, sqrt(add(mul(t, 2), square(t)))));
  return where(greater(x, FAR), add(log(x), LN2), near);
}

/** `½ ln(1 + 2a / (1 − a))` of `a = |x|` */
export function atanh(node: Expr): Expr {
  const x = argument(node);
  const a = abs(x);
  return withSign(x, mul(log1pOf(div(mul(a, 2), sub(1, a))), 0.5));
}

/** `|x|^(1/3)` with the sign of x. */
export function cbrt(node: Expr): Expr {
  const x = argument(node);
  return withSign(x, pow(abs(x), 1 / 3));
}
