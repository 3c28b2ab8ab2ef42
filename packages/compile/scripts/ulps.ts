const scratch = new DataView(new ArrayBuffer(8));

/** Distance between a double and its neighbours in the binade of x. */
export function ulp(x: number): number {
  scratch.setFloat64(0, x);
  const exponent = (scratch.getUint32(0) >>> 20) & 0x7ff;
  return 2 ** (Math.max(exponent, 1) - 1075);
}

/** Error of a result against the sum of two doubles, in units in the last place; 0 for equal special values. */
export function ulps(got: number, high: number, low: number): number {
  if (!Number.isFinite(high)) return Object.is(got, high) ? 0 : overflowed(got, high);
  if (!Number.isFinite(got)) return Number.POSITIVE_INFINITY;
  return Math.abs(got - high - low) / ulp(high);
}

/** The greatest double is one unit from infinity. */
function overflowed(got: number, high: number): number {
  return Math.abs(got) === Number.MAX_VALUE && Math.sign(got) === Math.sign(high)
    ? 1
    : Number.POSITIVE_INFINITY;
}
