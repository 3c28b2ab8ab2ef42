import { describe, expect, it } from "vitest";
import { ganRing } from "../../examples/ganRing.ts";
import { quiet } from "../../examples/support/example.ts";

describe("a generative adversarial network", () => {
  it("covers the modes of a ring of Gaussians", async () => {
    const result = await ganRing.run(quiet(1));
    expect(result.counts).toHaveLength(8);
    expect(result.modes).toBeGreaterThanOrEqual(7);
    // Far from all of the ring's area: samples lie at the clouds.
    expect(result.quality).toBeGreaterThan(0.6);
    expect(ganRing.reached(result)).toBe(true);
  });
});
