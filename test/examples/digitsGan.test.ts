import { digits } from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { digitsGanOf } from "../../examples/digitsGan.ts";
import { judgeDrawings } from "../../examples/support/digitReader.ts";
import { quiet } from "../../examples/support/example.ts";

describe("a generative adversarial network", () => {
  it("in a quarter of the time draws all ten digits, two of five well enough for a reader", async () => {
    const short = digitsGanOf(25, 0.4);
    const result = await short.run(quiet(1));
    expect(result.counts.filter((count) => count > 0)).toHaveLength(10);
    // By chance a tenth of the accepted are what was asked for.
    expect(result.asAsked).toBeGreaterThan(0.2 * result.accepted);
    expect(result.variety).toBeGreaterThan(0.5);
    expect(short.reached(result)).toBe(true);
  });
});

describe("a reader of drawings", () => {
  it("is sure of real ones, which vary as real ones do, and not of empty images", async () => {
    const real = digits({ examples: 1000, size: 16, seed: 1 });
    const judgement = await judgeDrawings({ drawn: real, real }, quiet(1));
    expect(judgement.accepted).toBeGreaterThan(0.9);
    expect(judgement.asAsked).toBeGreaterThan(0.9);
    expect(judgement.variety).toBe(1);
    const drawn = digits({ examples: 1000, size: 16, seed: 1 });
    drawn.inputs.data.fill(0);
    const empty = await judgeDrawings({ drawn, real }, quiet(1));
    expect(empty.variety).toBe(0);
    // All images are one: at most one digit is seen in them.
    expect(empty.counts.filter((count) => count > 0).length).toBeLessThanOrEqual(1);
  });
});
