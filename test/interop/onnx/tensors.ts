import { allocate, type DType, Tensor, type Value } from "@chainrule/core";
import { expect } from "vitest";

/** A value as a tensor, numbers with shape []. */
export function asTensor(value: Value, dtype: DType): Tensor {
  if (value instanceof Tensor) return value;
  const data = allocate(dtype, 1);
  data[0] = value;
  return new Tensor([], data, dtype);
}

/**
 * Holds type and shape equal, and elements near, by a tolerance relative to the largest of them or to 1:
 * kernels of a runtime are exact to some digits of what goes into them, not of every small result.
 */
export function expectNear(given: Tensor, wanted: Tensor, tolerance: number): void {
  expect(given.dtype).toBe(wanted.dtype);
  expect(given.shape).toEqual(wanted.shape);
  let largest = 1;
  for (const value of wanted.data) {
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  }
  for (const [i, value] of wanted.data.entries()) {
    const one = given.data[i] as number;
    const near = Math.abs(one - value) <= tolerance * largest;
    if (!near && !Object.is(one + 0, value + 0)) expect(one).toBe(value);
  }
}

/** Holds the digits of every element near, however small it is: what tails are for. */
export function expectDigits(given: Tensor, wanted: Tensor, tolerance: number): void {
  expect(given.dtype).toBe(wanted.dtype);
  expect(given.shape).toEqual(wanted.shape);
  for (const [i, value] of wanted.data.entries()) {
    const one = given.data[i] as number;
    const near = Math.abs(one - value) <= tolerance * Math.abs(value);
    if (!near && !Object.is(one + 0, value + 0)) expect(one).toBe(value);
  }
}
