import { Tensor, type Value } from "@chainrule/core";
import { expect } from "vitest";

/**
 * Fails unless shapes agree and every element is within `tolerance · max(1, m)`, m the largest expected element:
 * rounding of sums is relative to their terms, not to what is left of them.
 */
export function expectClose(what: string, actual: Value, expected: Tensor, tolerance: number) {
  const { shape, data } =
    actual instanceof Tensor ? actual : new Tensor([], Float64Array.of(actual));
  expect(shape, `${what}: shape`).toEqual(expected.shape);
  let scale = 1;
  for (const wanted of expected.data)
    if (Number.isFinite(wanted)) scale = Math.max(scale, Math.abs(wanted));
  for (let i = 0; i < data.length; i++) {
    const found = data[i] as number;
    const wanted = expected.data[i] as number;
    const error = Math.abs(found - wanted) / scale;
    // Written so that NaN fails.
    if (!(error <= tolerance) && !Object.is(found, wanted)) {
      expect.fail(`${what}, element ${i}: ${found} beside PyTorch's ${wanted} (error ${error})`);
    }
  }
}
