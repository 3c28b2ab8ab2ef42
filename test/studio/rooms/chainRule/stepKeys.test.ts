import { describe, expect, it } from "vitest";
import { stepTo } from "../../../../packages/studio/src/rooms/chainRule/stepKeys.ts";

describe("stepTo", () => {
  it("walks by arrows, to the ends by Home and End, and no further", () => {
    expect(stepTo("ArrowRight", 3, 10)).toBe(4);
    expect(stepTo("ArrowRight", 9, 10)).toBe(9);
    expect(stepTo("ArrowLeft", 3, 10)).toBe(2);
    expect(stepTo("ArrowLeft", 0, 10)).toBe(0);
    expect(stepTo("Home", 3, 10)).toBe(0);
    expect(stepTo("End", 3, 10)).toBe(9);
    expect(stepTo("a", 3, 10)).toBeUndefined();
  });
});
