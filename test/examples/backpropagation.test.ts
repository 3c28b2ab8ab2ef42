import { describe, expect, it } from "vitest";
import { learningRate } from "../../examples/learningRate.ts";
import { singleLayer } from "../../examples/singleLayer.ts";
import { quiet } from "../../examples/support/example.ts";
import { xor, xorWithHidden } from "../../examples/xor.ts";

describe("backpropagation", () => {
  it("learns XOR with three hidden units, and says why it stopped", async () => {
    const result = await xor.run(quiet(1));
    expect(xor.reached(result)).toBe(true);
    expect(result.worstError).toBeLessThanOrEqual(0.1);
    expect(result.stopped).toBe("every output is within 0.1 of its target");
    expect(await xor.run(quiet(1))).toEqual(result);
  });

  it("cannot learn XOR with one hidden unit, however often it begins again", async () => {
    const one = xorWithHidden(1, 2);
    const result = await one.run(quiet(1));
    expect(result.trials).toBe(2);
    expect(result.worstError).toBeGreaterThan(0.4);
    expect(one.reached(result)).toBe(false);
  });
});

describe("a single layer", () => {
  it("learns AND, OR and NAND, and not XOR", async () => {
    const result = await singleLayer.run(quiet(1));
    expect(result).toMatchObject({ and: 4, or: 4, nand: 4 });
    expect(result.xor).toBeLessThan(4);
  });
});

describe("the learning rate", () => {
  it("decides whether one weight converges, oscillates or diverges", async () => {
    const { converges, oscillates, diverges } = await learningRate.run(quiet(1));
    const first = converges[0] as number;
    expect(Math.abs(converges.at(-1) as number)).toBeLessThan(1e-10);
    expect(oscillates.at(-1)).toBeCloseTo(first, 12);
    expect(oscillates.at(-2)).toBeCloseTo(-first, 12);
    expect(Math.abs(diverges.at(-1) as number)).toBeGreaterThan(1e10);
    expect(learningRate.reached({ converges, oscillates, diverges })).toBe(true);
  });
});
