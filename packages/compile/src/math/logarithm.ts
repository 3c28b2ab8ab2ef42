import type { Mask, Real } from "./arithmetic.ts";
import {
  ln2High,
  ln2Low,
  log2eHigh,
  log2eLow,
  log10eHigh,
  log10eLow,
  log10Of2High,
  log10Of2Low,
  logTerms,
} from "./coefficients.ts";
import { expOfMinusSize } from "./exponential.ts";
import { bitsOf, type Lane } from "./lane.ts";
import { polynomial } from "./polynomial.ts";

const smallestNormal = 2 ** -1022;
const mantissa = (1n << 52n) - 1n;

interface Reduced {
  readonly k: Real;
  /** Fraction less 1, exact. */
  readonly f: Real;
}

/** `x = 2ᵏ (1 + f)` with √½ ≤ 1 + f < √2, for positive normal x. */
function reduceNormal(lane: Lane, x: Real): Reduced {
  const start = bitsOf(Math.SQRT1_2);
  const moved = lane.keepBits(lane.addBits(lane.bits(x), lane.integer(bitsOf(1) - start)));
  // 2⁵² + k + 1023 as a double has k + 1023 in its low bits.
  const biased = lane.or(lane.shiftRight(moved, 52), lane.integer(bitsOf(2 ** 52)));
  const k = lane.keep(lane.sub(lane.real(biased), lane.constant(2 ** 52 + 1023)));
  const fraction = lane.addBits(lane.and(moved, lane.integer(mantissa)), lane.integer(start));
  return { k, f: lane.keep(lane.sub(lane.real(fraction), lane.constant(1))) };
}

/** The same for denormal x too. */
function reduce(lane: Lane, x: Real): Reduced {
  const denormal = lane.keepMask(lane.lt(x, lane.constant(smallestNormal)));
  const scaled = lane.mul(x, lane.constant(2 ** 54));
  const { k, f } = reduceNormal(lane, lane.keep(lane.select(denormal, scaled, x)));
  const shift = lane.select(denormal, lane.constant(54), lane.constant(0));
  return { k: lane.keep(lane.sub(k, shift)), f };
}

interface Series {
  /** `f² / 2`. */
  readonly half: Real;
  /** `log(1 + f) − f + f² / 2`. */
  readonly tail: Real;
}

/**
 * `log(1 + f) = f − f²/2 + s (f²/2 + R)` with `s = f / (2 + f)` and `R = 2 artanh(s) / s − 2`.
 *
 * From `log(1 + f) = 2 artanh s` and `2s = f − s f = f − f²/2 + s f²/2`: f is exact and f²/2 small.
 */
function series(lane: Lane, f: Real): Series {
  const s = lane.keep(lane.div(f, lane.add(lane.constant(2), f)));
  const z = lane.keep(lane.mul(s, s));
  const half = lane.keep(lane.mul(lane.mul(lane.constant(0.5), f), f));
  const rest = lane.mul(z, polynomial(lane, z, logTerms));
  return { half, tail: lane.keep(lane.mul(s, lane.add(half, rest))) };
}

/** `k ln 2 + log(1 + f) + correction`, the small parts first. */
function combine(lane: Lane, { k, f }: Reduced, correction?: Real): Real {
  const { half, tail } = series(lane, f);
  const low = lane.mul(k, lane.constant(ln2Low));
  const small = lane.add(tail, correction === undefined ? low : lane.add(low, correction));
  const body = lane.sub(lane.sub(half, small), f);
  return lane.sub(lane.mul(k, lane.constant(ln2High)), body);
}

/** −∞ at zero, NaN below, ∞ at ∞, for the argument `u` of a logarithm that x is finite with. */
function finish(lane: Lane, u: Real, x: Real, result: Real): Real {
  const finite = lane.select(lane.lt(x, lane.constant(Number.POSITIVE_INFINITY)), result, x);
  const atZero = lane.constant(Number.NEGATIVE_INFINITY);
  const outside = lane.select(lane.eq(u, lane.constant(0)), atZero, lane.constant(Number.NaN));
  return lane.select(lane.gt(u, lane.constant(0)), finite, outside);
}

/** Natural logarithm. */
export function log(lane: Lane, x: Real): Real {
  return finish(lane, x, x, combine(lane, reduce(lane, x)));
}

interface Sum {
  readonly u: Real;
  /** What rounding took from u, over u. */
  readonly correction: Real;
}

/** `1 + t + lost` with its rounding error (Knuth's two-sum), where `lost` is what rounding took from t. */
function onePlus(lane: Lane, t: Real, lost?: Real): Sum {
  const one = lane.constant(1);
  const u = lane.keep(lane.add(one, t));
  const part = lane.keep(lane.sub(u, one));
  const error = lane.add(lane.sub(one, lane.sub(u, part)), lane.sub(t, part));
  const all = lost === undefined ? error : lane.add(error, lost);
  return { u, correction: lane.keep(lane.div(all, u)) };
}

/** `log(1 + t)` for −1 < t < ∞. */
function logOnePlus(lane: Lane, t: Real): { value: Real; u: Real } {
  const { u, correction } = onePlus(lane, t);
  return { value: combine(lane, reduceNormal(lane, u), correction), u };
}

/** `log(1 + x)`, precise near zero. */
export function log1p(lane: Lane, x: Real): Real {
  const { value, u } = logOnePlus(lane, x);
  const result = finish(lane, u, x, value);
  return lane.select(lane.eq(x, lane.constant(0)), x, result);
}

/** Clears the low 32 bits: 21 leading ones are left, whose products with 32 bits are exact. */
function head(lane: Lane, x: Real): Real {
  return lane.real(lane.and(lane.bits(x), lane.integer(0xffffffff_00000000n)));
}

/** `k a + log(1 + f) b` where b = 1 / log base and a = log 2 / log base, each in two parts. */
function inBase(lane: Lane, x: Real, a: [number, number], b: [number, number]): Real {
  const { k, f } = reduce(lane, x);
  const { half, tail } = series(lane, f);
  const high = lane.keep(head(lane, lane.sub(f, half)));
  const low = lane.keep(lane.add(lane.sub(lane.sub(f, high), half), tail));
  const product = lane.keep(lane.mul(high, lane.constant(b[0])));
  const whole = lane.keep(lane.mul(k, lane.constant(a[0])));
  // |whole| ≥ |product| or whole = 0, so the rounding error of the sum is exact (fast two-sum).
  const sum = lane.keep(lane.add(whole, product));
  const error = lane.add(lane.sub(whole, sum), product);
  const rest = lane.add(
    lane.mul(low, lane.constant(b[0] + b[1])),
    lane.add(lane.mul(high, lane.constant(b[1])), lane.mul(k, lane.constant(a[1]))),
  );
  return finish(lane, x, x, lane.add(sum, lane.add(error, rest)));
}

/** Logarithm to base 2, exact at powers of two. */
export function log2(lane: Lane, x: Real): Real {
  return inBase(lane, x, [1, 0], [log2eHigh, log2eLow]);
}

/** Logarithm to base 10. */
export function log10(lane: Lane, x: Real): Real {
  return inBase(lane, x, [log10Of2High, log10Of2Low], [log10eHigh, log10eLow]);
}

/** From here on `√(x² ± 1) = x` in doubles. */
const large = 2 ** 28;

/** `log(1 + a + b)` for a ≥ b ≥ 0, or `log(x) + log 2` where `big` holds. */
function logOf(lane: Lane, a: Real, b: Real, big: Mask, x: Real): Real {
  const t = lane.keep(lane.add(a, b));
  const sum = onePlus(lane, t, lane.add(lane.sub(a, t), b));
  const u = lane.keep(lane.select(big, x, sum.u));
  const correction = lane.select(big, lane.constant(0), sum.correction);
  const { k, f } = reduceNormal(lane, u);
  const shifted = lane.add(k, lane.select(big, lane.constant(1), lane.constant(0)));
  return combine(lane, { k: lane.keep(shifted), f }, lane.keep(correction));
}

/** `arsinh x = log(1 + a + a² / (1 + √(1 + a²)))` with `a = |x|`. */
export function asinh(lane: Lane, x: Real): Real {
  const a = lane.keep(lane.abs(x));
  const big = lane.keepMask(lane.gt(a, lane.constant(large)));
  const one = lane.constant(1);
  const square = lane.keep(lane.mul(a, a));
  const root = lane.add(one, lane.sqrt(lane.add(one, square)));
  const rest = lane.keep(lane.div(square, root));
  const value = lane.keep(logOf(lane, a, rest, big, a));
  const finite = lane.lt(a, lane.constant(Number.POSITIVE_INFINITY));
  return lane.withSign(lane.select(finite, value, a), x);
}

/** `arcosh x = log(1 + t + √(2t + t²))` with `t = x − 1`. */
export function acosh(lane: Lane, x: Real): Real {
  const big = lane.keepMask(lane.gt(x, lane.constant(large)));
  const t = lane.keep(lane.sub(x, lane.constant(1)));
  const root = lane.keep(lane.sqrt(lane.add(lane.add(t, t), lane.mul(t, t))));
  const value = lane.keep(logOf(lane, root, t, big, x));
  const finite = lane.select(lane.lt(x, lane.constant(Number.POSITIVE_INFINITY)), value, x);
  return lane.select(lane.lt(x, lane.constant(1)), lane.constant(Number.NaN), finite);
}

/** `artanh x = ½ log(1 + 2a + 2a² / (1 − a))` with `a = |x|`. */
export function atanh(lane: Lane, x: Real): Real {
  const a = lane.keep(lane.abs(x));
  const one = lane.constant(1);
  const twice = lane.keep(lane.add(a, a));
  const t = lane.keep(lane.add(twice, lane.div(lane.mul(twice, a), lane.sub(one, a))));
  const { value } = logOnePlus(lane, t);
  const half = lane.keep(lane.mul(lane.constant(0.5), value));
  const atOne = lane.constant(Number.POSITIVE_INFINITY);
  const outside = lane.select(lane.eq(a, one), atOne, lane.constant(Number.NaN));
  const result = lane.select(lane.lt(a, one), half, outside);
  // Of the smallest arguments the terms would be denormal; artanh x = x there.
  const tiny = lane.lt(a, lane.constant(2 ** -28));
  return lane.withSign(lane.select(tiny, a, result), x);
}

/** `log(1 + e^−|x|)`. */
function logOnePlusExp(lane: Lane, x: Real): Real {
  return logOnePlus(lane, lane.keep(expOfMinusSize(lane, x))).value;
}

/** `log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|)`. */
export function softplus(lane: Lane, x: Real): Real {
  const zero = lane.constant(0);
  const rest = logOnePlusExp(lane, x);
  return lane.add(lane.select(lane.gt(x, zero), x, zero), rest);
}

/** `log σ(x) = min(x, 0) − log(1 + e^−|x|)`. */
export function logSigmoid(lane: Lane, x: Real): Real {
  const rest = logOnePlusExp(lane, x);
  // −0, so that the difference from a rest of 0 is −0.
  const least = lane.select(lane.lt(x, lane.constant(0)), x, lane.constant(-0));
  return lane.sub(least, rest);
}
