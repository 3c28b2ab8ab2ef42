import { describe, expect, it } from "vitest";
import { shortNumber, withIndices } from "../../../packages/studio/src/document/numbers.ts";

describe("numbers in words", () => {
  it("are short, with a minus as wide as a plus", () => {
    expect(shortNumber(-0.041234)).toBe("−0.04123");
    expect(shortNumber(2)).toBe("2");
    expect(shortNumber(-1.5e-9)).toBe("−1.5e−9");
    expect(shortNumber(Number.NaN)).toBe("NaN");
  });

  it("stand below names", () => {
    expect(withIndices("w12")).toBe("w₁₂");
    expect(withIndices("target")).toBe("target");
  });
});
