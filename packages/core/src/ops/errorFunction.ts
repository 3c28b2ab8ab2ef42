import type { Expr } from "../expr.ts";
import { named } from "../notation.ts";
import { elementwise, real, type Unary } from "../op.ts";
import { add, div, mul, neg, sqrt, square, sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { min } from "./clip.ts";
import { greater, less } from "./comparison.ts";
import { exp } from "./exponential.ts";
import { namedConstant } from "./leaf.ts";
import { like } from "./literals.ts";
import { abs } from "./magnitude.ts";
import { where } from "./select.ts";

/**
 * Error function, `2/√π ∫₀ˣ e^(−t²) dt`, within 2 ulp. Derivative `2/√π e^(−x²)`.
 */
export const erf: Unary = elementwise({
  name: "erf",
  flat: "saturates",
  domain: [real],
  result: "float",
  evaluate: erfOf,
  partials: [(x) => mul(like(x, 2 / Math.sqrt(Math.PI)), exp(neg(square(x))))],
  shown: [(x) => mul(div(2, sqrt(namedConstant("pi"))), exp(neg(square(x))))],
  lower: (node) => inDouble(node, lowerErf),
  examples: [
    { at: [-0], value: -0 },
    { at: [1e-20], value: 1.1283791670955125e-20, partials: [1.1283791670955126] },
    // To 60 digits by mpmath, as the ones below.
    { at: [0.5], value: 0.5204998778130465, partials: [0.8787825789354448] },
    { at: [-1], value: -0.8427007929497149, partials: [0.4151074974205947] },
    { at: [2], value: 0.9953222650189527, partials: [0.020666985354092053] },
    { at: [10], value: 1, partials: [4.197656231354417e-44] },
    { at: [Number.NEGATIVE_INFINITY], value: -1, partials: [0] },
  ],
  notation: named("erf"),
});

/**
 * Complement of the error function, `1 − erf x`, which keeps its digits where erf is 1; within
 * 4 ulp. Derivative `−2/√π e^(−x²)`.
 */
export const erfc: Unary = elementwise({
  name: "erfc",
  domain: [real],
  result: "float",
  evaluate: erfcOf,
  partials: [(x) => mul(like(x, -2 / Math.sqrt(Math.PI)), exp(neg(square(x))))],
  shown: [(x) => neg(mul(div(2, sqrt(namedConstant("pi"))), exp(neg(square(x)))))],
  lower: (node) => inDouble(node, lowerErfc),
  examples: [
    { at: [0], value: 1 },
    { at: [0.5], value: 0.4795001221869535, partials: [-0.8787825789354448] },
    { at: [1], value: 0.15729920705028513, partials: [-0.4151074974205947] },
    { at: [-3], value: 1.9999779095030015, partials: [-0.00013925305194674786] },
    { at: [10], value: 2.088487583762545e-45, partials: [-4.197656231354417e-44] },
    { at: [Number.POSITIVE_INFINITY], value: 0, partials: [-0] },
  ],
  notation: named("erfc"),
});

/**
 * Distribution function of the standard normal, `Φ(x) = erfc(−x/√2) / 2`, within 4 ulp at both
 * ends. Derivative `φ(x) = e^(−x²/2) / √(2π)`.
 */
export const normalCdf: Unary = elementwise({
  name: "normalCdf",
  flat: "saturates",
  domain: [real],
  result: "float",
  evaluate: normalCdfOf,
  partials: [(x) => normalDensity(x)],
  shown: [(x) => div(exp(neg(div(square(x), like(x, 2)))), sqrt(mul(2, namedConstant("pi"))))],
  lower: (node) => inDouble(node, lowerNormalCdf),
  examples: [
    { at: [0], value: 0.5, partials: [1 / Math.sqrt(2 * Math.PI)] },
    { at: [-10], value: 7.619853024160525e-24, partials: [7.694598626706419e-23] },
    { at: [Number.NEGATIVE_INFINITY], value: 0, partials: [0] },
    { at: [Number.POSITIVE_INFINITY], value: 1, partials: [0] },
  ],
  notation: { form: "call", latex: "\\Phi" },
});

/** Density of the standard normal, `φ(x) = e^(−x²/2) / √(2π)`. */
export function normalDensity(x: Expr): Expr {
  const scale = like(x, 1 / Math.sqrt(2 * Math.PI));
  return mul(scale, exp(mul(like(x, -0.5), square(x))));
}

/** From here on erf is 1 − erfc; below, a polynomial. */
const NEAR = 1;

/** From here on erfc is computed by itself; below, 1 − erf loses nothing. */
const FAR = 0.5;

/** erfc is 0 in double precision beyond 27.3. */
const BEYOND = 28;

/**
 * `erf(x) / x − 1` in powers of x², |x| < 1: Chebyshev interpolation to 1.3e-19, computed with 60
 * digits by mpmath's `chebyfit`.
 */
const NEAR_TERMS: readonly number[] = [
  0.1283791670955126, -0.3761263890318375, 0.11283791670954879, -0.026866170645076792,
  0.0052239776248180145, -0.000854832698083379, 0.0001205533111164271, -1.4925595266831182e-5,
  1.6461000484121368e-6, -1.6350312701054695e-7, 1.4659775274047436e-8, -1.1372848856791674e-9,
  5.957176147748911e-11,
];

/** Where the variable of `FAR_TERMS` is 0: the middle of the range, in the sense of the fit. */
const MIDDLE = 3.75;

/**
 * `(1 + 2x) e^(x²) erfc(x)` in powers of `(x − 3.75) / (x + 3.75)`, 0.5 ≤ x ≤ 28: to 1.9e-17, in
 * the same way. Form: Shepherd & Laframboise, Math. Comp. 36 (1981), eq. 4.
 */
const FAR_TERMS: readonly number[] = [
  1.2375126308378275, -0.14024059858554674, 0.0035854154854639947, 0.08227673849011752,
  -0.10880393014175117, 0.09230432116144294, -0.05869339858885731, 0.028362277400278118,
  -0.009746579577035586, 0.0017556260320963533, 0.00029371387469142674, -0.00029015511154243344,
  5.164780741855856e-5, 2.238795673013135e-5, -1.1439294277760925e-5, -9.82051742210998e-7,
  1.740269903212129e-6, -4.5210823716014646e-8, -2.4233140808399475e-7, 1.350875974161026e-8,
  2.5265557531642926e-8,
];

function erfOf(x: number): number {
  const size = Math.abs(x);
  if (size < NEAR) return x + x * polynomial(NEAR_TERMS, x * x);
  const value = 1 - tail(size, 1);
  return x < 0 ? -value : value;
}

function erfcOf(x: number): number {
  return x < FAR ? 1 - erfOf(x) : tail(x, 1);
}

/** `Φ(x)` of a number. */
export function normalCdfOf(x: number): number {
  const z = x * Math.SQRT1_2;
  // √½ rounds z, which the tail would amplify by x²: the exponential is taken of x itself.
  return z > -FAR ? 0.5 * (1 + erfOf(z)) : 0.5 * tail(-x, Math.SQRT1_2);
}

/** `erfc(scale · x)`; scale² must be exact up to rounding: 1 or √½. */
function tail(x: number, scale: number): number {
  const size = Math.min(x, BEYOND / scale);
  // The square is exact in two parts, else its rounding would cost x² ulp.
  const head = Math.fround(size);
  const half = scale === 1 ? 1 : 0.5;
  const decay = Math.exp(-half * head * head) * Math.exp(half * (head - size) * (head + size));
  const z = size * scale;
  return (decay * polynomial(FAR_TERMS, (z - MIDDLE) / (z + MIDDLE))) / (1 + 2 * z);
}

function polynomial(terms: readonly number[], t: number): number {
  let value = 0;
  for (let i = terms.length - 1; i >= 0; i--) value = value * t + (terms[i] as number);
  return value;
}

/** Single precision rounds the result only, as the kernel does. */
function inDouble({ args: [x], dtype }: Expr, build: (x: Expr) => Expr): Expr {
  return cast64(build(cast64(x as Expr, "f64")), dtype);
}

function cast64(x: Expr, dtype: Expr["dtype"]): Expr {
  return x.dtype === dtype ? x : cast(x, dtype);
}

function lowerErf(x: Expr): Expr {
  const size = abs(x);
  const near = add(x, mul(x, lowerPolynomial(NEAR_TERMS, square(x))));
  const far = sub(1, lowerTail(size, 1));
  return where(less(size, NEAR), near, where(less(x, 0), neg(far), far));
}

function lowerErfc(x: Expr): Expr {
  return where(less(x, FAR), sub(1, lowerErf(x)), lowerTail(x, 1));
}

/** As `normalCdfOf`: the tail is taken of x itself. */
function lowerNormalCdf(x: Expr): Expr {
  const z = mul(x, Math.SQRT1_2);
  const near = mul(0.5, add(1, lowerErf(z)));
  return where(greater(z, -FAR), near, mul(0.5, lowerTail(neg(x), Math.SQRT1_2)));
}

/** As `tail`. */
function lowerTail(x: Expr, scale: number): Expr {
  const size = min(x, BEYOND / scale);
  const head = cast(cast(size, "f32"), "f64");
  const half = scale === 1 ? 1 : 0.5;
  const rest = mul(mul(half, sub(head, size)), add(head, size));
  const decay = mul(exp(mul(mul(-half, head), head)), exp(rest));
  const z = mul(size, scale);
  const t = div(sub(z, MIDDLE), add(z, MIDDLE));
  return div(mul(decay, lowerPolynomial(FAR_TERMS, t)), add(1, mul(2, z)));
}

function lowerPolynomial(terms: readonly number[], t: Expr): Expr {
  let value: Expr = like(t, terms.at(-1) as number);
  for (const term of terms.slice(0, -1).reverse()) value = add(mul(value, t), term);
  return value;
}
