import type { Value } from "@chainrule/core";

/** The numbers of a value. */
export function elements(value: Value): readonly number[] {
  return typeof value === "number" ? [value] : [...value.data];
}

/**
 * What tells two values apart, if more than a tolerance relative to the largest element: a chain of ten functions may
 * lose more digits than each, and so may sums in another order. NaN and ∞ must agree exactly.
 */
export function difference(got: Value, expected: Value, tolerance: number): string | undefined {
  const ours = elements(got);
  const theirs = elements(expected);
  if (ours.length !== theirs.length) return `${ours.length} elements for ${theirs.length}`;
  const scale = Math.max(1, ...theirs.map(Math.abs).filter(Number.isFinite));
  for (const [i, one] of theirs.entries()) {
    const other = ours[i] as number;
    if (Object.is(one, other) || Math.abs(one - other) <= tolerance * scale) continue;
    return `[${i}]: ${other} for ${one}`;
  }
  return undefined;
}

/** Whether two values have the same bits, but for those of NaN. */
export function sameBits(a: Value, b: Value): boolean {
  const left = elements(a);
  const right = elements(b);
  return left.length === right.length && left.every((one, i) => Object.is(one, right[i]));
}
