import { describe, expect, it } from "vitest";
import { committee } from "../../examples/committee.ts";
import { quiet } from "../../examples/support/example.ts";

describe("a committee", () => {
  it("is right more often than its members are on average", async () => {
    const result = await committee.run(quiet(1));
    expect(result.members).toHaveLength(7);
    expect(result.committee).toBeGreaterThan(result.mean);
    expect(committee.reached(result)).toBe(true);
  });
});
