import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recurrentInitial } from "../../../../packages/studio/src/rooms/deeper/recurrent/recurrentState.ts";
import { unroll } from "../../../../packages/studio/src/rooms/deeper/recurrent/unrolled.ts";

describe("the unrolled network", () => {
  it("repeats one neuron, and the gradient goes back through every step", () => {
    const number = fc.double({ min: -2, max: 2, noNaN: true });
    const inputs = fc.array(number, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(number, number, number, inputs, (w, u, b, xs) => {
        const { steps, byU } = unroll({ w, u, b, inputs: xs });
        let [h, product] = [0, 1];
        for (const { input, output } of steps) {
          h = Math.tanh(w * input + u * h + b);
          expect(output).toBeCloseTo(h, 12);
        }
        let sum = 0;
        for (const [t, step] of [...steps.entries()].reverse()) {
          expect(step.gradient).toBeCloseTo(product, 10);
          const slope = 1 - step.output ** 2;
          expect(step.fromInput).toBeCloseTo(product * slope * w, 10);
          sum += product * slope * (steps[t - 1]?.output ?? 0);
          product *= slope * u;
        }
        expect(byU).toBeCloseTo(sum, 9);
      }),
      { numRuns: 40 },
    );
  });

  it("is a program whose steps have names", () => {
    const { program } = unroll({ ...recurrentInitial, inputs: [1, 0, 0] });
    expect(Object.keys(program.definitions)).toEqual(["h_1", "h_2", "h_3"]);
    expect(Object.keys(program.variables).sort()).toEqual(["b", "u", "w", "x_1", "x_2", "x_3"]);
  });
});
