import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readStep, readValues, readView } from "../../../packages/studio/src/element/attributes.ts";

describe("attributes of the element", () => {
  it.each(["a = 3, b=-1, w_1 = 1e-3", "a=3; b=-1; w_1=1e-3", "a = 3 b = -1 w_1 = 1e-3"])(
    "reads numbers by names: %s",
    (text) => {
      expect(readValues(text)).toEqual({ value: { a: 3, b: -1, w_1: 1e-3 } });
    },
  );

  it("reads nothing as no number, and an own name of objects as a name", () => {
    expect(readValues("")).toEqual({ value: {} });
    expect(readValues("__proto__ = 2")).toEqual({ value: Object.fromEntries([["__proto__", 2]]) });
  });

  it.each([
    ["a", 'values: must be pairs such as a = 3, got "a"'],
    ["a = 3,5", 'values: must be pairs such as a = 3, got "5"'],
    ["a = = 3", 'values: must be pairs such as a = 3, got "a = = 3"'],
    ["a = three", 'values: a must be a number, got "three"'],
    ["a = 1e999", 'values: a must be a number, got "1e999"'],
  ])("says what is wrong with %s", (text, problem) => {
    expect(readValues(text)).toEqual({ problem });
  });

  it("counts steps from 1", () => {
    expect(readStep("")).toEqual({ value: "last" });
    expect(readStep("last")).toEqual({ value: "last" });
    expect(readStep("first")).toEqual({ value: 1 });
    expect(readStep(" 6 ")).toEqual({ value: 6 });
    for (const text of ["0", "-1", "1.5", "six"]) {
      const problem = `step: must be first, last or a whole number from 1, got "${text}"`;
      expect(readStep(text)).toEqual({ problem });
    }
  });

  it("shows the named parts in the usual order", () => {
    expect(readView("")).toEqual({ value: ["values", "graph", "steps"] });
    expect(readView("derivation, graph")).toEqual({ value: ["graph", "derivation"] });
    expect(readView("graph table")).toEqual({
      problem: 'view: must name some of values, graph, steps, derivation, got "table"',
    });
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const read of [readValues, readStep, readView]) {
          expect(Object.keys(read(text))).toHaveLength(1);
        }
      }),
    );
  });
});
