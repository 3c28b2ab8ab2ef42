import { describe, expect, it } from "vitest";
import { dynamicSystem } from "../../examples/dynamicSystem.ts";
import { quiet } from "../../examples/support/example.ts";

describe("a recurrent network", () => {
  it("predicts waves that a network without memory cannot", async () => {
    const result = await dynamicSystem.run(quiet(1));
    expect(result.recurrent).toBeLessThan(0.02);
    expect(result.feedForward).toBeGreaterThan(5 * result.recurrent);
    expect(result.lastValue).toBeGreaterThan(5 * result.recurrent);
    expect(dynamicSystem.reached(result)).toBe(true);
  });
});
