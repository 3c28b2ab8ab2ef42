import { backprop } from "@chainrule/core";
import { describe, expect, it } from "vitest";
import {
  lectureNumbers,
  network,
  rate,
  trained,
} from "../../../../packages/studio/src/rooms/worked/network.ts";
import { train } from "../../../../packages/studio/src/rooms/worked/training.ts";

describe("training of the worked network", () => {
  // The lecture's numbers in full, computed independently.
  it("takes the lecture's step", () => {
    const { numbers, errors } = train(lectureNumbers, rate, 1, false);
    expect(errors[0]).toBeCloseTo(0.24908954146037615, 14);
    expect(errors[1]).toBeCloseTo(0.2407249055, 10);
    const after = [
      0.0993351652, 0.1991958561, 0.2966758261, 0.3959792803, 0.4518781254, 0.5507336265,
      0.7105639155, 0.8108151607,
    ];
    after.forEach((weight, i) => {
      expect(numbers[`w${i + 1}`]).toBeCloseTo(weight, 10);
    });
    expect(numbers["b1"]).toBe(0.25);
  });

  it("moves both biases where asked to", () => {
    const { numbers, errors } = train(lectureNumbers, rate, 1, true);
    expect(numbers["b1"]).toBeCloseTo(0.2353102129, 10);
    expect(numbers["b2"]).toBeCloseTo(0.2875166921, 10);
    expect(errors[1]).toBeCloseTo(0.2338458881, 10);
  });

  it("is what gradient descent by the trace gives, step by step", () => {
    let numbers = { ...lectureNumbers, w3: -0.7 };
    for (let step = 0; step < 3; step++) {
      const { gradients } = backprop(network, numbers);
      const moved = Object.entries(network.variables).flatMap(([name, node]) => {
        if (!trained(false).includes(name)) return [];
        const slope = gradients.find((one) => one.node === node)?.value as number;
        return [[name, ((numbers as Record<string, number>)[name] as number) - 2 * slope]];
      });
      numbers = { ...numbers, ...Object.fromEntries(moved) };
    }
    const got = train({ ...lectureNumbers, w3: -0.7 }, 2, 3, false).numbers;
    for (const [name, value] of Object.entries(numbers)) expect(got[name]).toBeCloseTo(value, 12);
  });

  it("gives the error alone where no step is taken, and falls over many", () => {
    expect(train(lectureNumbers, rate, 0, false).numbers).toEqual(lectureNumbers);
    const { errors } = train(lectureNumbers, rate, 500, false);
    expect(errors).toHaveLength(501);
    for (let i = 1; i < errors.length; i++) {
      expect(errors[i]).toBeLessThan(errors[i - 1] as number);
    }
  });
});
