import { Tensor, type Value } from "@chainrule/core";
import { expect } from "vitest";

/** Fails unless shapes agree and every element is within `tolerance · max(1, |expected|)`. */
export function expectClose(what: string, actual: Value, expected: Tensor, tolerance: number) {
  const { shape, data } =
    actual instanceof Tensor ? actual : new Tensor([], Float64Array.of(actual));
  expect(shape, `${what}: shape`).toEqual(expected.shape);
  for (let i = 0; i < data.length; i++) {
    const found = data[i] as number;
    const wanted = expected.data[i] as number;
    const error = Math.abs(found - wanted) / Math.max(1, Math.abs(wanted));
    // Written so that NaN fails.
    if (!(error <= tolerance) && !Object.is(found, wanted)) {
      expect.fail(`${what}, element ${i}: ${found} beside PyTorch's ${wanted} (error ${error})`);
    }
  }
}
