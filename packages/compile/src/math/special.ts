import type { Real } from "./arithmetic.ts";
import { cbrtTerms, erfcTerms, erfTerms } from "./coefficients.ts";
import { exp } from "./exponential.ts";
import { bitsOf, type Lane } from "./lane.ts";
import { polynomial } from "./polynomial.ts";

/** From here on erf is 1. */
const erfIsOne = 6;

/** `erf x`: x + x P(x²) up to 1; beyond, `1 − e^(−x²) Q(1 / (|x| + 3))`. */
export function erf(lane: Lane, x: Real): Real {
  const one = lane.constant(1);
  const limit = lane.constant(erfIsOne);
  const size = lane.keep(lane.abs(x));
  const a = lane.keep(lane.select(lane.gt(size, limit), limit, size));
  const z = lane.keep(lane.mul(a, a));
  const near = lane.keep(lane.add(a, lane.mul(a, polynomial(lane, z, erfTerms))));
  const t = lane.keep(lane.div(one, lane.add(a, lane.constant(3))));
  const complement = lane.mul(exp(lane, lane.keep(lane.neg(z))), polynomial(lane, t, erfcTerms));
  const far = lane.sub(one, complement);
  return lane.withSign(lane.keep(lane.select(lane.lt(a, one), near, far)), x);
}

/** `∛x`: an estimate from a third of the exponent, a polynomial for its error, and one step of Newton. */
export function cbrt(lane: Lane, x: Real): Real {
  const size = lane.keep(lane.abs(x));
  const denormal = lane.keepMask(lane.lt(size, lane.constant(2 ** -1022)));
  const scaled = lane.mul(size, lane.constant(2 ** 54));
  const a = lane.keep(lane.select(denormal, scaled, size));
  // The upper 44 bits as an integer, taken as a double through 2⁵².
  const upper = lane.or(lane.shiftRight(lane.bits(a), 20), lane.integer(bitsOf(2 ** 52)));
  const whole = lane.sub(lane.real(upper), lane.constant(2 ** 52));
  const bias = (Number(bitsOf(1)) * 2) / 3 / 2 ** 20 - estimateShift;
  const third = lane.add(lane.mul(whole, lane.constant(1 / 3)), lane.constant(bias + 2 ** 52));
  const t = lane.keep(lane.real(lane.shiftLeft(lane.bits(third), 20)));
  // t³ / x is near 1; its power −⅓ corrects t to 26 bits.
  const ratio = lane.mul(lane.mul(t, t), lane.div(t, a));
  const u = lane.keep(lane.sub(ratio, lane.constant(1)));
  const better = lane.mul(t, polynomial(lane, u, cbrtTerms));
  // Rounded to 21 bits, so that its square is exact.
  const top = lane.integer(0xffffffff_00000000n);
  const y = lane.keep(
    lane.real(lane.and(lane.addBits(lane.bits(better), lane.integer(1n << 31n)), top)),
  );
  const error = lane.keep(lane.sub(lane.div(a, lane.mul(y, y)), y));
  const sum = lane.add(lane.add(y, y), lane.add(y, error));
  const root = lane.add(y, lane.div(lane.mul(y, error), sum));
  const back = lane.select(denormal, lane.constant(2 ** -18), lane.constant(1));
  const value = lane.keep(lane.mul(root, back));
  const ordinary = lane.both(
    lane.gt(size, lane.constant(0)),
    lane.lt(size, lane.constant(Number.POSITIVE_INFINITY)),
  );
  return lane.withSign(lane.keep(lane.select(ordinary, value, size)), x);
}

/** Centres the error of the estimate of `cbrt`: t³ / x lies in [0.88, 1.13]. In units of 2⁻³² of the mantissa. */
const estimateShift = 0.0333 * 2 ** 32;

/** `√(x² + y²)` without overflow or underflow on the way; ∞ if either is, even beside NaN. */
export function hypot(lane: Lane, x: Real, y: Real): Real {
  const a = lane.keep(lane.abs(x));
  const b = lane.keep(lane.abs(y));
  const infinity = lane.constant(Number.POSITIVE_INFINITY);
  const greater = lane.keep(lane.select(lane.gt(a, b), a, b));
  const large = lane.keepMask(lane.gt(greater, lane.constant(2 ** 500)));
  const small = lane.keepMask(lane.lt(greater, lane.constant(2 ** -500)));
  const choose = (down: number, up: number): Real =>
    lane.keep(
      lane.select(
        large,
        lane.constant(down),
        lane.select(small, lane.constant(up), lane.constant(1)),
      ),
    );
  const factor = choose(2 ** -600, 2 ** 600);
  const p = lane.keep(lane.mul(a, factor));
  const q = lane.keep(lane.mul(b, factor));
  const root = lane.sqrt(lane.add(lane.mul(p, p), lane.mul(q, q)));
  const value = lane.mul(root, choose(2 ** 600, 2 ** -600));
  const first = lane.select(lane.eq(a, infinity), a, lane.keep(value));
  return lane.select(lane.eq(b, infinity), b, first);
}
