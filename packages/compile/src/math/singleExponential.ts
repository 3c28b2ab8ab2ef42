import { f32, i32, i32x4 } from "../wasm/index.ts";
import { type Real, real } from "./arithmetic.ts";
import { polynomial } from "./polynomial.ts";
import type { SingleLane } from "./singleLane.ts";

// Polynomials by interpolation at Chebyshev's nodes, rounded to singles: packages/compile/scripts/singles.mjs.

/** `(eʳ − 1 − r) / r²` for |r| ≤ ln 2 / 2. */
const expTerms: readonly number[] = [
  0.5, 0.16666573286056519, 0.04166654869914055, 0.008363774046301842, 0.0013926926767453551,
];

/** `(tanh x / x − 1) / x²` by x², for x² ≤ 0.4. */
const tanhTerms: readonly number[] = [
  -0.3333333432674408, 0.1333329975605011, -0.053958460688591, 0.021762503311038017,
  -0.0083231870085001, 0.0022695015650242567,
];

/** ln 2, its leading 9 bits, so that products with exponents are exact, and the rest. */
const ln2High = 0.693359375;
const ln2Low = -0.00021219444005469057;

/** Adding it leaves an integer of magnitude below 2²² in the low bits of the sum. */
const integerShift = 1.5 * 2 ** 23;

/** Beyond it `eˣ` overflows. */
const overflow = 89;
/** Below it `eˣ` is zero. */
const underflow = -104;

/** From here on tanh is `1 − 2 / (e²ˣ + 1)`. */
const tanhFar = 0.625;

/** Below it tanh x is x. */
const tanhTiny = 2 ** -13;

/** `eˣ` in single precision, within 2 units in the last place. */
export function expSingle(lane: SingleLane, x: Real): Real {
  const [least, most] = [lane.constant(underflow), lane.constant(overflow)];
  const below = lane.keep(lane.select(lane.lt(x, least), least, x));
  const clamped = lane.keep(lane.select(lane.gt(below, most), most, below));
  const k = lane.keep(lane.nearest(lane.mul(clamped, lane.constant(Math.LOG2E))));
  const high = lane.sub(clamped, lane.mul(k, lane.constant(ln2High)));
  const r = lane.keep(lane.sub(high, lane.mul(k, lane.constant(ln2Low))));
  const terms = polynomial(lane, r, expTerms);
  const power = lane.add(lane.constant(1), lane.add(r, lane.mul(lane.mul(r, r), terms)));
  // In two steps, since 2ᵏ itself may overflow or be denormal.
  const half = lane.keep(lane.nearest(lane.mul(k, lane.constant(0.5))));
  const rest = lane.sub(k, half);
  return lane.mul(lane.mul(power, powerOfTwo(lane, half)), powerOfTwo(lane, rest));
}

/** `2ᵏ` for integers −126 ≤ k ≤ 127: k + 127 shifted into the place of the exponent. */
function powerOfTwo(lane: SingleLane, k: Real): Real {
  const biased = lane.add(k, lane.constant(integerShift + 127));
  return real(() => {
    const { body } = lane;
    biased.push();
    if (!lane.wide) body.op(i32.reinterpret_f32);
    body.i32(23);
    body.op(lane.wide ? i32x4.shl : i32.shl);
    if (!lane.wide) body.op(f32.reinterpret_i32);
  });
}

/** `1 / (1 + e⁻ˣ)` in single precision, within 3 units in the last place. */
export function sigmoidSingle(lane: SingleLane, x: Real): Real {
  const power = lane.keep(expSingle(lane, lane.neg(lane.abs(x))));
  const one = lane.constant(1);
  return lane.div(lane.select(lane.lt(x, lane.constant(0)), power, one), lane.add(one, power));
}

/** tanh in single precision, within 3 units in the last place. */
export function tanhSingle(lane: SingleLane, x: Real): Real {
  const size = lane.keep(lane.abs(x));
  const one = lane.constant(1);
  const power = expSingle(lane, lane.add(size, size));
  const far = lane.keep(lane.sub(one, lane.div(lane.constant(2), lane.add(power, one))));
  const square = lane.keep(lane.mul(x, x));
  const near = lane.add(x, lane.mul(lane.mul(x, square), polynomial(lane, square, tanhTerms)));
  const signed = lane.select(lane.lt(x, lane.constant(0)), lane.neg(far), far);
  const value = lane.select(lane.ge(size, lane.constant(tanhFar)), signed, near);
  // Also −0, which sums would lose.
  return lane.select(lane.lt(size, lane.constant(tanhTiny)), x, value);
}
