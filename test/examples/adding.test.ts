import { describe, expect, it } from "vitest";
import { lstmAdding } from "../../examples/lstmAdding.ts";
import { quiet } from "../../examples/support/example.ts";

describe("an LSTM", () => {
  it("solves the adding problem at length 50, which needs memory", async () => {
    const result = await lstmAdding.run(quiet(1));
    expect(result.length).toBe(50);
    expect(result.error).toBeLessThan(0.01);
    expect(result.withoutMemory).toBeGreaterThan(0.1);
    expect(lstmAdding.reached(result)).toBe(true);
  });
});
