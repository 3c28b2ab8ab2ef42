import { backprop, evaluate } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { activations, lectureNetwork, networkText } from "@chainrule/render/classroom";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("networkText", () => {
  it("wires 2-2-2 as the lecture does", () => {
    expect(networkText({ layers: [2, 2, 2], values: false })).toMatchInlineSnapshot(`
      "sum_h1 = i1 w1 + i2 w3 + b1
      out_h1 = sigmoid(sum_h1)
      sum_h2 = i1 w2 + i2 w4 + b1
      out_h2 = sigmoid(sum_h2)
      sum_o1 = out_h1 w5 + out_h2 w6 + b2
      out_o1 = sigmoid(sum_o1)
      sum_o2 = out_h1 w7 + out_h2 w8 + b2
      out_o2 = sigmoid(sum_o2)
      E1 = 1/2 (target_1 - out_o1)^2
      E2 = 1/2 (target_2 - out_o2)^2
      E = E1 + E2
      "
    `);
  });

  it("has the lecture's numbers", () => {
    expect(lectureNetwork().values).toEqual({
      ...{ i1: 0.1, i2: 0.5, b1: 0.25, b2: 0.35, target_1: 0.05, target_2: 0.95 },
      ...{ w1: 0.1, w2: 0.2, w3: 0.3, w4: 0.4, w5: 0.5, w6: 0.6, w7: 0.7, w8: 0.8 },
    });
    const network = lectureNetwork();
    expect(evaluate(network.result, network.values)).toBeCloseTo(0.24908954146037615, 14);
  });

  it("is read back for any layers and activations", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 4 });
    const name = fc.constantFrom(...activations);
    fc.assert(
      fc.property(sizes, name, name, (layers, activation, output) => {
        const program = parse(networkText({ layers, activation, output }));
        const weights = layers.slice(1).reduce((sum, n, i) => sum + n * (layers[i] as number), 0);
        const count =
          weights + (layers.length - 1) + (layers[0] as number) + (layers.at(-1) as number);
        expect(Object.keys(program.variables)).toHaveLength(count);
        expect(Object.keys(program.values)).toHaveLength(count);
        expect(backprop(program, program.values).gradients).toHaveLength(count);
        expect(program.nameOf(program.result)).toBe("E");
      }),
      { numRuns: 60 },
    );
  });

  it("reads the widest network it writes", () => {
    const program = parse(networkText({ layers: [400, 12, 1] }));
    expect(Object.keys(program.variables)).toHaveLength(400 * 12 + 12 + 2 + 400 + 1);
  });

  it.each([
    [[2], "networkText: layers must be two or more whole numbers ≥ 1, got 2"],
    [[2, 0], "networkText: layers must be two or more whole numbers ≥ 1, got 2-0"],
    [[100, 100], "at most 5000 weights and 400 neurons a layer can be written, got 100-100"],
  ])("refuses %j", (layers, message) => {
    expect(() => networkText({ layers })).toThrow(message);
  });
});
