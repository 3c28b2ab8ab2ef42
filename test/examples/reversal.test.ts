import { describe, expect, it } from "vitest";
import { reversal } from "../../examples/reversal.ts";
import { quiet } from "../../examples/support/example.ts";

describe("a transformer", () => {
  it("reverses sequences of 16 symbols, each place looking at the one opposite", async () => {
    const result = await reversal.run(quiet(1));
    expect(result).toMatchObject({ length: 16, accuracy: 1 });
    expect(result.attention).toEqual(Array.from({ length: 16 }, (_, i) => 15 - i));
    expect(reversal.reached(result)).toBe(true);
  });
});
