import type { Mask, Real } from "./arithmetic.ts";
import {
  asinTerms,
  atanTerms,
  cosTerms,
  halfPi1,
  halfPi2,
  halfPi3,
  halfPiHigh,
  halfPiLow,
  sinTerms,
} from "./coefficients.ts";
import { integerShift } from "./exponential.ts";
import type { Bits, Lane } from "./lane.ts";
import { polynomial } from "./polynomial.ts";

/** Up to here x is reduced by π/2 in three parts: the multiple stays below 2²⁰. Beyond, the host computes. */
export const reducible: number = 2 ** 19;

interface Reduced {
  /** The multiple of π/2, in its low bits. */
  readonly quadrant: Bits;
  /** Sine and cosine of the rest, in [−π/4, π/4]. */
  readonly sine: Sum;
  readonly cosine: Sum;
  /** Half the square of the rest. */
  readonly half: Real;
}

/** A value and what rounding took from it. */
interface Sum {
  readonly value: Real;
  readonly lost: () => Real;
}

/** `a + b` for |a| ≥ |b| (fast two-sum). */
function fastSum(lane: Lane, a: Real, b: Real): Sum {
  const small = lane.keep(b);
  const value = lane.keep(lane.add(a, small));
  return { value, lost: () => lane.keep(lane.add(lane.sub(a, value), small)) };
}

/**
 * `x = q π/2 + (y + e)` with |y| ≤ π/4 and the rounding error e of y (Cody & Waite 1980).
 *
 * q times the first two parts of π/2 is exact; the error of y is below 2⁻⁹⁰, and no double below 2¹⁹ is nearer to
 * a multiple of π/2 than 2⁻⁶⁰ of itself.
 */
function reduce(lane: Lane, x: Real): Reduced {
  const q = lane.keep(lane.nearest(lane.mul(x, lane.constant(2 / Math.PI))));
  const quadrant = lane.keepBits(lane.bits(lane.add(q, lane.constant(integerShift))));
  const first = lane.keep(lane.sub(x, lane.mul(q, lane.constant(halfPi1))));
  const product = lane.keep(lane.mul(q, lane.constant(halfPi2)));
  const second = lane.keep(lane.sub(first, product));
  // Knuth's two-sum of first and −product.
  const part = lane.keep(lane.sub(second, first));
  const lost = lane.sub(lane.sub(first, lane.sub(second, part)), lane.add(product, part));
  const low = lane.keep(lane.sub(lost, lane.mul(q, lane.constant(halfPi3))));
  const y = lane.keep(lane.add(second, low));
  const e = lane.keep(lane.add(lane.sub(second, y), low));
  return { quadrant, ...kernels(lane, y, e) };
}

/** sin(y + e) ≈ y + (y³ S(y²) + e (1 − y²/2)); cos(y + e) ≈ 1 − y²/2 + (y⁴ C(y²) − y e). */
function kernels(lane: Lane, y: Real, e: Real): Omit<Reduced, "quadrant"> {
  const one = lane.constant(1);
  const z = lane.keep(lane.mul(y, y));
  const half = lane.keep(lane.mul(z, lane.constant(0.5)));
  const rough = lane.keep(lane.sub(one, half));
  const cubed = lane.mul(lane.mul(z, y), polynomial(lane, z, sinTerms));
  const sine = fastSum(lane, y, lane.add(cubed, lane.mul(e, rough)));
  const fourth = lane.mul(lane.mul(z, z), polynomial(lane, z, cosTerms));
  const lost = lane.sub(lane.sub(one, rough), half);
  const small = lane.add(lost, lane.sub(fourth, lane.mul(y, e)));
  return { sine, cosine: fastSum(lane, rough, small), half };
}

/** `x` with its sign changed where bit 1 of `quadrant` is set. */
function turned(lane: Lane, x: Real, quadrant: Bits): Real {
  const two = lane.integer(2n);
  const sign = lane.shiftLeft(lane.and(quadrant, two), 62);
  return lane.real(lane.xor(lane.bits(x), sign));
}

/** Below it sin x = tan x = x in doubles, with the sign of zero. */
const tiny = 2 ** -27;

/** `sin x` for |x| ≤ 2¹⁹. */
export function sin(lane: Lane, x: Real): Real {
  const { quadrant, sine, cosine } = reduce(lane, x);
  const value = turned(lane, lane.select(lane.odd(quadrant), cosine.value, sine.value), quadrant);
  return lane.select(lane.lt(lane.abs(x), lane.constant(tiny)), x, value);
}

/** `cos x` for |x| ≤ 2¹⁹. */
export function cos(lane: Lane, x: Real): Real {
  const { quadrant, sine, cosine } = reduce(lane, x);
  const next = lane.addBits(quadrant, lane.integer(1n));
  return turned(lane, lane.select(lane.odd(quadrant), sine.value, cosine.value), next);
}

/**
 * `tan x` for |x| ≤ 2¹⁹: sine over cosine, and −cosine over sine in odd quadrants.
 *
 * What rounding took from both (n, d) changes the quotient q by `(n − q d) / denominator`; as 1/cosine
 * `1 + y²/2` is near enough, and 1/sine is −q/cosine.
 */
export function tan(lane: Lane, x: Real): Real {
  const { quadrant, sine, cosine, half } = reduce(lane, x);
  const odd = lane.keepMask(lane.odd(quadrant));
  const choose = (even: Real, odds: Real): Real => lane.keep(lane.select(odd, odds, even));
  const numerator = choose(sine.value, lane.neg(cosine.value));
  const q = lane.keep(lane.div(numerator, choose(cosine.value, sine.value)));
  const sineLost = sine.lost();
  const cosineLost = cosine.lost();
  const n = choose(sineLost, lane.neg(cosineLost));
  const d = choose(cosineLost, sineLost);
  const one = lane.constant(1);
  const inverse = lane.mul(choose(one, lane.neg(q)), lane.add(one, half));
  const value = lane.add(q, lane.mul(lane.sub(n, lane.mul(q, d)), inverse));
  return lane.select(lane.lt(lane.abs(x), lane.constant(tiny)), x, value);
}

/** Where `sin`, `cos` and `tan` hold; NaN and ∞ are the host's too. */
export function withinReducible(lane: Lane, x: Real): Mask {
  return lane.le(lane.abs(x), lane.constant(reducible));
}

interface ArcSine {
  readonly size: Real;
  readonly small: Mask;
  /** `w² P(w²) w` of `arcsin w = w + w³ P(w²)`. */
  readonly cubed: Real;
  /** w = head + tail: |x| itself up to ½, `√((1 − |x|) / 2)` beyond. */
  readonly head: Real;
  readonly tail: Real;
  readonly root: Real;
}

/** For |x| > ½: `arcsin |x| = π/2 − 2 arcsin √((1 − |x|) / 2)`; the root in two parts. */
function arcSine(lane: Lane, x: Real): ArcSine {
  const size = lane.keep(lane.abs(x));
  const small = lane.keepMask(lane.le(size, lane.constant(0.5)));
  const rest = lane.mul(lane.sub(lane.constant(1), size), lane.constant(0.5));
  const z = lane.keep(lane.select(small, lane.mul(x, x), rest));
  const root = lane.keep(lane.select(small, size, lane.sqrt(z)));
  // 26 leading bits, whose square is exact.
  const top = lane.integer(0xffffffff_f8000000n);
  const head = lane.keep(lane.real(lane.and(lane.bits(root), top)));
  const exact = lane.div(lane.sub(z, lane.mul(head, head)), lane.add(root, head));
  const none = lane.eq(root, lane.constant(0));
  const tail = lane.keep(lane.select(none, lane.constant(0), exact));
  const cubed = lane.keep(lane.mul(lane.mul(root, z), polynomial(lane, z, asinTerms)));
  return { size, small, cubed, head, tail, root };
}

/** `arcsin x`. */
export function asin(lane: Lane, x: Real): Real {
  const { small, cubed, head, tail, size } = arcSine(lane, x);
  const near = lane.add(size, cubed);
  const twice = lane.add(cubed, tail);
  const low = lane.sub(lane.constant(halfPiLow), lane.add(twice, twice));
  const far = lane.add(lane.sub(lane.constant(halfPiHigh), lane.add(head, head)), low);
  return lane.withSign(lane.select(small, near, far), x);
}

/** `arccos x`: π/2 − arcsin x up to ½, twice the arcsine of the root beyond, from π for negative x. */
export function acos(lane: Lane, x: Real): Real {
  const { small, cubed, head, tail, root } = arcSine(lane, x);
  const high = lane.constant(halfPiHigh);
  const low = lane.constant(halfPiLow);
  const signed = lane.keep(lane.withSign(cubed, x));
  const near = lane.sub(high, lane.sub(x, lane.sub(low, signed)));
  const positive = lane.add(head, lane.add(tail, cubed));
  const negative = lane.sub(high, lane.add(root, lane.sub(cubed, low)));
  const half = lane.keep(lane.select(lane.lt(x, lane.constant(0)), negative, positive));
  return lane.select(small, near, lane.add(half, half));
}

/** arctan n/d for |n/d| ≤ ⅔, plus a constant in two parts. */
function arcTangent(lane: Lane, quotient: Real, high: Real, low: Real): Real {
  const z = lane.keep(lane.mul(quotient, quotient));
  const cubed = lane.mul(lane.mul(quotient, z), polynomial(lane, z, atanTerms));
  return lane.add(high, lane.add(quotient, lane.add(cubed, low)));
}

interface Fraction {
  readonly quotient: Real;
  readonly high: Real;
  readonly low: Real;
}

/**
 * `arctan(n / d)` for n, d ≥ 0, as a constant and the arctangent of a fraction of at most ⅔:
 * 0 and n/d; π/4 and (n − d)/(n + d) from ⅔ on; π/2 and −d/n from 3/2 on.
 */
function fraction(lane: Lane, n: Real, d: Real): Fraction {
  const zero = lane.constant(0);
  const steep = lane.keepMask(lane.gt(n, lane.mul(d, lane.constant(1.5))));
  const middle = lane.keepMask(lane.gt(lane.mul(n, lane.constant(1.5)), d));
  const top = lane.select(steep, lane.neg(d), lane.select(middle, lane.sub(n, d), n));
  const bottom = lane.select(steep, n, lane.select(middle, lane.add(n, d), d));
  const quotient = lane.keep(lane.div(top, bottom));
  const choose = (half: number): Real => {
    const quarter = lane.select(middle, lane.constant(half / 2), zero);
    return lane.keep(lane.select(steep, lane.constant(half), quarter));
  };
  return { quotient, high: choose(halfPiHigh), low: choose(halfPiLow) };
}

/** `arctan x`. */
export function atan(lane: Lane, x: Real): Real {
  const { quotient, high, low } = fraction(lane, lane.keep(lane.abs(x)), lane.constant(1));
  return lane.withSign(lane.keep(arcTangent(lane, quotient, high, low)), x);
}

/** The angle of the point (x, y), in [−π, π]; the signs of zeros choose the side. */
export function atan2(lane: Lane, y: Real, x: Real): Real {
  const infinity = lane.constant(Number.POSITIVE_INFINITY);
  const one = lane.constant(1);
  const zero = lane.constant(0);
  const sizeY = lane.keep(lane.abs(y));
  const sizeX = lane.keep(lane.abs(x));
  const bothInfinite = lane.keepMask(lane.both(lane.eq(sizeX, infinity), lane.eq(sizeY, infinity)));
  // Sums of two numbers near the greatest would overflow; halves of numbers that large are exact.
  const huge = lane.gt(lane.select(lane.gt(sizeY, sizeX), sizeY, sizeX), lane.constant(2 ** 1000));
  const factor = lane.keep(lane.select(huge, lane.constant(0.25), one));
  const n = lane.keep(lane.select(bothInfinite, one, lane.mul(sizeY, factor)));
  const origin = lane.eq(lane.add(sizeX, sizeY), zero);
  const d0 = lane.select(origin, one, lane.mul(sizeX, factor));
  const d = lane.keep(lane.select(bothInfinite, one, d0));
  const { quotient, high, low } = fraction(lane, n, d);
  // Left of the y-axis the angle is π less the one on the right.
  const signBit = lane.and(lane.bits(x), lane.integer(1n << 63n));
  const left = lane.keepMask(lane.odd(lane.keepBits(lane.shiftRight(signBit, 63))));
  const signed = lane.keep(lane.select(left, lane.neg(quotient), quotient));
  const base = (part: Real, pi: number): Real =>
    lane.keep(lane.select(left, lane.sub(lane.constant(pi), part), part));
  const angle = arcTangent(lane, signed, base(high, 2 * halfPiHigh), base(low, 2 * halfPiLow));
  return lane.withSign(lane.keep(angle), y);
}
