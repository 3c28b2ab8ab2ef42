import { describe, expect, it } from "vitest";
import { deadRelu } from "../../examples/deadRelu.ts";
import { quiet } from "../../examples/support/example.ts";
import { vanishing } from "../../examples/vanishing.ts";

describe("gradients through many layers", () => {
  it("vanish behind sigmoids, and not behind ReLU with He's weights", async () => {
    const { depths, sigmoid, relu } = await vanishing.run(quiet(1));
    expect([depths[0], depths.at(-1)]).toEqual([2, 20]);
    expect(sigmoid.at(-1)).toBeLessThan(1e-6);
    expect(sigmoid).toEqual(sigmoid.toSorted((a, b) => b - a));
    for (const ratio of relu) expect(ratio).toBeGreaterThan(0.1);
  });
});

describe("dead ReLUs", () => {
  it("are counted and stay dead; Leaky ReLU cures them", async () => {
    const result = await deadRelu.run(quiet(1));
    expect(result).toMatchObject({ deadBefore: 16, deadAfter: 16 });
    expect(result.advice).toContain("16 of 16 units are dead");
    expect(result.leakyLoss).toBeLessThan(result.reluLoss / 2);
  });
});
