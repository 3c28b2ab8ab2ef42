import type { Real } from "./arithmetic.ts";
import { expTerms, ln2High, ln2Low, sinhTerms } from "./coefficients.ts";
import type { Lane } from "./lane.ts";
import { polynomial } from "./polynomial.ts";

/** Adding it leaves an integer of magnitude below 2⁵¹ in the low bits of the sum. */
export const integerShift: number = 1.5 * 2 ** 52;

/** `2ᵏ` for integers −1022 ≤ k ≤ 1023: k + 1023 shifted into the place of the exponent. */
function powerOfTwo(lane: Lane, k: Real): Real {
  const biased = lane.bits(lane.add(k, lane.constant(integerShift + 1023)));
  return lane.real(lane.shiftLeft(biased, 52));
}

/** `x 2ᵏ` for integers of magnitude up to 2046, in two steps, since 2ᵏ itself may overflow or be denormal. */
function scale(lane: Lane, x: Real, k: Real): Real {
  const half = lane.keep(lane.nearest(lane.mul(k, lane.constant(0.5))));
  const rest = lane.sub(k, half);
  return lane.mul(lane.mul(x, powerOfTwo(lane, half)), powerOfTwo(lane, rest));
}

interface Reduced {
  /** Integer nearest to x / ln 2. */
  readonly k: Real;
  /** `e^(x − k ln 2) − 1`, within 2⁻⁵⁵. */
  readonly minusOne: Real;
  /** What the last addition took from it. */
  readonly lost: () => Real;
}

/**
 * `eˣ = 2ᵏ (1 + m)` with |m| < 0.415 (Cody & Waite 1980: k ln 2 is taken off in two parts, the first
 * exactly). NaN gives m = NaN.
 */
function reduce(lane: Lane, x: Real): Reduced {
  const k = lane.keep(lane.nearest(lane.mul(x, lane.constant(Math.LOG2E))));
  const high = lane.keep(lane.sub(x, lane.mul(k, lane.constant(ln2High))));
  const low = lane.keep(lane.mul(k, lane.constant(ln2Low)));
  const r = lane.keep(lane.sub(high, low));
  const terms = polynomial(lane, r, expTerms);
  const tail = lane.keep(lane.sub(lane.mul(lane.mul(r, r), terms), low));
  const minusOne = lane.keep(lane.add(high, tail));
  return { k, minusOne, lost: () => lane.add(lane.sub(high, minusOne), tail) };
}

/** Beyond it `eˣ` overflows. */
const overflow = 711;
/** Below it `eˣ` is zero. */
const underflow = -750;

function clamp(lane: Lane, x: Real, least: number, greatest: number): Real {
  const low = lane.constant(least);
  const high = lane.constant(greatest);
  const below = lane.keep(lane.select(lane.lt(x, low), low, x));
  return lane.keep(lane.select(lane.gt(below, high), high, below));
}

/** `eˣ`. */
export function exp(lane: Lane, x: Real): Real {
  const { k, minusOne } = reduce(lane, clamp(lane, x, underflow, overflow));
  return scale(lane, lane.add(lane.constant(1), minusOne), k);
}

/** `eˣ − 1` where 2ᵏ is a normal number, with −0 as +0. */
function moderateExpm1(lane: Lane, { k, minusOne }: Pick<Reduced, "k" | "minusOne">): Real {
  const power = lane.keep(powerOfTwo(lane, k));
  return lane.add(lane.mul(power, minusOne), lane.sub(power, lane.constant(1)));
}

/** From here on `eˣ − 1` is `eˣ`, and its negative is −1. */
const onlyExp = 40;

/** `eˣ − 1`, precise near zero. */
export function expm1(lane: Lane, x: Real): Real {
  const reduced = reduce(lane, clamp(lane, x, -onlyExp, overflow));
  const large = scale(lane, lane.add(lane.constant(1), reduced.minusOne), reduced.k);
  const moderate = moderateExpm1(lane, reduced);
  const chosen = lane.select(lane.gt(x, lane.constant(onlyExp)), large, moderate);
  // Below 2⁻⁵⁴ the result is x, with its sign if it is zero.
  return lane.select(lane.lt(lane.abs(x), lane.constant(2 ** -54)), x, chosen);
}

/** From here on tanh is 1. */
const tanhIsOne = 22;

/**
 * `tanh x = t / (t + 2)` with `t = e^(2|x|) − 1`.
 *
 * The rounding errors of t (l) and of t + 2 (e) are known exactly; to first order they change the quotient q by
 * `(l − q (e + l)) / (t + 2)`, where `1 / (t + 2) = (1 − q) / 2`.
 */
export function tanh(lane: Lane, x: Real): Real {
  const one = lane.constant(1);
  const two = lane.constant(2);
  const limit = lane.constant(tanhIsOne);
  const size = lane.keep(lane.abs(x));
  const a = lane.keep(lane.select(lane.gt(size, limit), limit, size));
  const { k, minusOne, lost } = reduce(lane, lane.keep(lane.add(a, a)));
  const power = lane.keep(powerOfTwo(lane, k));
  const whole = lane.keep(lane.sub(power, one));
  const part = lane.keep(lane.mul(power, minusOne));
  const t = lane.keep(lane.add(whole, part));
  const lostOfT = lane.add(lane.add(lane.sub(whole, t), part), lane.mul(power, lost()));
  const l = lane.keep(lostOfT);
  const sum = lane.keep(lane.add(t, two));
  // Knuth's two-sum, since t may be smaller or greater than 2.
  const added = lane.keep(lane.sub(sum, t));
  const e = lane.add(lane.sub(t, lane.sub(sum, added)), lane.sub(two, added));
  const q = lane.keep(lane.div(t, sum));
  const change = lane.mul(
    lane.sub(l, lane.mul(q, lane.add(e, l))),
    lane.mul(lane.sub(one, q), lane.constant(0.5)),
  );
  return lane.withSign(lane.keep(lane.add(q, change)), x);
}

/** `e^|x| / 2`, which overflows only where sinh and cosh do. */
function halfExp(lane: Lane, size: Real): Real {
  const { k, minusOne } = reduce(lane, clamp(lane, size, 0, overflow));
  return scale(
    lane,
    lane.add(lane.constant(1), minusOne),
    lane.keep(lane.sub(k, lane.constant(1))),
  );
}

/** `sinh x`: its series up to 1, beyond it `h − 1 / (4h)` with `h = e^|x| / 2`. */
export function sinh(lane: Lane, x: Real): Real {
  const size = lane.keep(lane.abs(x));
  const h = lane.keep(halfExp(lane, size));
  const large = lane.sub(h, lane.div(lane.constant(0.25), h));
  const z = lane.keep(lane.mul(x, x));
  const cubed = lane.mul(lane.mul(size, z), polynomial(lane, z, sinhTerms));
  const small = lane.add(size, cubed);
  return lane.withSign(lane.select(lane.lt(size, lane.constant(1)), small, large), x);
}

/** `cosh x = h + 1 / (4h)` with `h = e^|x| / 2`. */
export function cosh(lane: Lane, x: Real): Real {
  const h = lane.keep(halfExp(lane, lane.keep(lane.abs(x))));
  return lane.add(h, lane.div(lane.constant(0.25), h));
}

/** `e^−|x|`, at most 1. */
export function expOfMinusSize(lane: Lane, x: Real): Real {
  return exp(lane, lane.keep(lane.neg(lane.abs(x))));
}

/**
 * `σ(x) = 1 / (1 + e⁻ˣ)`, as `e^x / (1 + e^x)` for negative x, which keeps the lower tail.
 *
 * The rounding error e of `1 + t` changes the quotient q by `−q e / (1 + t)`; `1 − t/2` is near enough.
 */
export function sigmoid(lane: Lane, x: Real): Real {
  const one = lane.constant(1);
  const t = lane.keep(expOfMinusSize(lane, x));
  const sum = lane.keep(lane.add(one, t));
  const numerator = lane.select(lane.lt(x, lane.constant(0)), t, one);
  const q = lane.keep(lane.div(numerator, sum));
  const e = lane.add(lane.sub(one, sum), t);
  const inverse = lane.sub(one, lane.mul(t, lane.constant(0.5)));
  return lane.sub(q, lane.mul(q, lane.mul(e, inverse)));
}
