import { describe, expect, it } from "vitest";
import { softmax } from "../../examples/softmax.ts";
import { spirals } from "../../examples/spirals.ts";
import { quiet } from "../../examples/support/example.ts";

describe("classification", () => {
  it("tells two spirals apart", async () => {
    const result = await spirals.run(quiet(1));
    expect(result.heldOut).toBeGreaterThanOrEqual(0.99);
    expect(spirals.reached(result)).toBe(true);
  });

  it("by softmax regression gives distributions", async () => {
    const { heldOut, sums, confidence } = await softmax.run(quiet(1));
    expect(heldOut).toBeGreaterThanOrEqual(0.97);
    for (const sum of sums) expect(sum).toBeCloseTo(1, 12);
    expect(confidence[0]).toBeGreaterThan(0.99);
    expect(confidence[1]).toBeGreaterThanOrEqual(0.25);
  });
});
