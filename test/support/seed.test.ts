import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seedOf } from "./seed.ts";

describe("the seed of properties", () => {
  it("is the one asked for, fixed in CI, else new", () => {
    expect(seedOf({ CHAINRULE_SEED: "-17", CI: "1" })).toBe(-17);
    expect(seedOf({ CI: "1" })).toBe(seedOf({ CI: "true" }));
    expect(seedOf({ CI: "1" })).toBeTypeOf("number");
    expect(seedOf({})).toBeUndefined();
    expect(seedOf({ CHAINRULE_SEED: "new", CI: "1" })).toBeUndefined();
    expect(() => seedOf({ CHAINRULE_SEED: "0.5" })).toThrow('must be a whole number or "new"');
  });

  it("is what every test draws from", () => {
    expect(fc.readConfigureGlobal().seed).toBe(seedOf(process.env));
  });
});
