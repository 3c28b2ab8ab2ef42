import { expect } from "vitest";

const numbers = new Float64Array(1);
const bits = new BigInt64Array(numbers.buffer);

/** Doubles in their order as whole numbers: neighbours differ by 1. */
function rank(x: number): bigint {
  numbers[0] = x;
  const own = bits[0] as bigint;
  return own < 0n ? -(own & 0x7fffffffffffffffn) : own;
}

/** How many doubles lie from one to the other; 0 for the same, ∞ if one is NaN. */
export function ulpsBetween(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY;
  const apart = rank(a) - rank(b);
  // 0 and −0 have one rank, but are not the same.
  return Number(apart < 0n ? -apart : apart) || Number.POSITIVE_INFINITY;
}

/** The same edge (0, −0, ±∞, NaN), or within so many doubles of the expected number. */
export function expectUlps(actual: number, expected: number, most: number, label: string): void {
  const edge = expected === 0 || !Number.isFinite(expected);
  const apart = ulpsBetween(actual, expected);
  expect(apart, `${label}: ${actual}, expected ${expected}`).toBeLessThanOrEqual(edge ? 0 : most);
}
