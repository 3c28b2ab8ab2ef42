import { Tensor, variable } from "@chainrule/core";
import { randomBits, randomUniform, threefry } from "@chainrule/core/random";
import fc from "fast-check";
import { describe, it } from "vitest";
import { elements, expectSame } from "./arbitraries.ts";

const key = variable("key", [2], "i32");
const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

const keys = fc.tuple(word, word).map((words) => new Tensor([2], Int32Array.from(words), "i32"));
const counts = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(63, 64, 65, 200));

describe("generators have the bits of the interpreter", () => {
  it("threefry", () => {
    fc.assert(
      fc.property(keys, counts, fc.nat(), (value, count, seed) => {
        const counters = elements([count, 2], "i32", { seed, edges: false });
        const input = variable("c", [count, 2], "i32");
        expectSame(threefry(key, input), [value, counters]);
      }),
      { numRuns: 40 },
    );
  });

  it("words and uniform numbers", () => {
    fc.assert(
      fc.property(keys, counts, (value, count) => {
        expectSame(randomBits(key, [count]), [value]);
        expectSame(randomUniform(key, [count]), [value]);
        expectSame(randomUniform(key, [count], { dtype: "f32" }), [value]);
      }),
      { numRuns: 40 },
    );
  });

  it("numbers, and named sizes", () => {
    const value = new Tensor([2], Int32Array.from([7, -9]), "i32");
    expectSame(randomUniform(key, []), [value]);
    for (const batch of [0, 5, 33]) {
      const sizes = new Map([["batch", batch]]);
      expectSame(randomUniform(key, ["batch", 3]), [value], sizes);
    }
  });
});
