import { i32 } from "../wasm/index.ts";
import type { Real } from "./arithmetic.ts";
import type { Lane } from "./lane.ts";

/**
 * Remainder with the sign of the divisor, `x mod y`; x where y = 0, as core's `mod`.
 *
 * Long division in base 2, exact: y is doubled up to |x|, then taken off where it fits (by Sterbenz no difference
 * rounds) and halved again. Its length is the difference of the exponents.
 */
export function modulo(lane: Lane, x: Real, y: Real): Real {
  const { body } = lane;
  const zero = lane.constant(0);
  const size = lane.keep(lane.abs(y));
  const rest = body.local("f64");
  const step = body.local("f64");
  const set = (local: number, value: Real): void => {
    value.push();
    body.set(local);
  };
  const left = lane.local(rest);
  const shifted = lane.local(step);
  // NaN where |x| is infinite, and where either is NaN.
  set(rest, lane.add(lane.abs(x), lane.sub(x, x)));
  set(step, size);
  lane.both(lane.gt(size, zero), lane.lt(size, lane.constant(Number.POSITIVE_INFINITY))).push();
  body.if();
  repeatWhile(lane, lane.le(shifted, lane.mul(left, lane.constant(0.5))), () => {
    set(step, lane.add(shifted, shifted));
  });
  repeatWhile(lane, lane.ge(shifted, size), () => {
    lane.ge(left, shifted).push();
    body.if();
    set(rest, lane.sub(left, shifted));
    body.end();
    set(step, lane.mul(shifted, lane.constant(0.5)));
  });
  body.end();
  // The sign of x, then that of y; a rest of 0 is +0.
  const signed = lane.keep(lane.select(lane.lt(x, zero), lane.neg(left), left));
  const agrees = lane.not(lane.differ(lane.lt(signed, zero), lane.lt(y, zero)));
  const moved = lane.select(agrees, signed, lane.add(signed, y));
  const value = lane.keep(lane.select(lane.eq(signed, zero), zero, moved));
  const plain = lane.select(lane.eq(y, zero), x, value);
  // Zeros, infinities and NaN have not been divided by.
  return lane.select(lane.eq(y, y), plain, y);
}

/** Runs the code while the condition holds before it. */
function repeatWhile({ body }: Lane, condition: { push: () => void }, code: () => void): void {
  const done = body.block();
  const again = body.loop();
  condition.push();
  body.op(i32.eqz);
  body.brIf(done);
  code();
  body.br(again);
  body.end();
  body.end();
}
