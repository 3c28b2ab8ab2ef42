import { describe, expect, it } from "vitest";
import { digits } from "../../examples/digits.ts";
import { quiet } from "../../examples/support/example.ts";

describe("a convolutional network", () => {
  it("reads drawn digits, and with pooling bears a shift better than without", async () => {
    const result = await digits.run(quiet(1));
    expect(result.shifts).toEqual([0, 1, 2]);
    expect(result.pooled[0]).toBeGreaterThanOrEqual(0.98);
    expect(result.pooled[1]).toBeGreaterThan(result.unpooled[1] as number);
    expect(result.pooled[2]).toBeGreaterThan(result.unpooled[2] as number);
    expect(digits.reached(result)).toBe(true);
  });
});
