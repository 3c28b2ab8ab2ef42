import { describe, expect, it } from "vitest";
import { examples } from "../../examples/index.ts";
import { chainrule } from "./support/chainrule.ts";

describe("chainrule train", () => {
  it("trains an example, prints what it found and whether the goal was reached", async () => {
    const { code, out } = await chainrule("train", "xor", "--seed", "2");
    expect(out).toContain("a network with 3 hidden units learns exclusive or (seed 2)");
    expect(out).toContain("solved: true");
    expect(out).toMatch(/goal: .*: reached\n$/);
    expect(code).toBe(0);
  });

  it("lists the examples", async () => {
    const { code, out } = await chainrule("train");
    expect(code).toBe(0);
    expect(out.trim().split("\n")).toEqual(examples.map(({ name }) => name).sort());
  });

  it("refuses data without an example that learns them", async () => {
    const { code, error } = await chainrule("train", "--data", "digits");
    expect(code).toBe(2);
    expect(error).toContain("train: --data must follow an example");
  });

  it("says which examples there are, and what a seed is", async () => {
    const unknown = await chainrule("train", "xnor");
    expect(unknown.code).toBe(2);
    expect(unknown.error).toContain("train: an example must be one of characters, committee, ");
    const seedless = await chainrule("train", "xor", "--seed", "many");
    expect(seedless.code).toBe(2);
    expect(seedless.error).toContain("must be a whole number");
  });
});
