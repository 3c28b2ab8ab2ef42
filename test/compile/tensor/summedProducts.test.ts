import { compile } from "@chainrule/compile";
import { evaluate, matmul, sum, Tensor, transpose, type Value, variable } from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const size = fc.integer({ min: 1, max: 5 });

function filled(shape: readonly number[], seed: number): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return new Tensor(
    shape,
    Float64Array.from({ length: count }, (_, i) => Math.sin(seed + i)),
  );
}

function numbers(value: Value): number[] {
  return typeof value === "number" ? [value] : Array.from(value.data);
}

describe("products summed over a batch", () => {
  // The gradient of a weight that every step of a sequence shares: once its rows were written apart.
  it("add up in one matrix, whatever the sizes", () => {
    fc.assert(
      fc.property(size, size, size, size, (batch, time, inputs, outputs) => {
        const x = variable("x", ["batch", time, inputs]);
        const y = variable("y", ["batch", time, outputs]);
        const total = sum(matmul(transpose(x, [0, 2, 1]), y), 0);
        const values = {
          x: filled([batch, time, inputs], 1),
          y: filled([batch, time, outputs], 2),
        };
        const program = compile({ inputs: { x, y }, outputs: { total } }, { as: "tensors" });
        const found = numbers(program(values)["total"] as Value);
        for (const [i, expected] of numbers(evaluate(total, values)).entries()) {
          expect(found[i]).toBeCloseTo(expected, 12);
        }
      }),
      { numRuns: 40 },
    );
  });
});
