import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StateReader } from "../../../packages/studio/src/state/StateReader.ts";

describe("StateReader", () => {
  it("takes what fits, in silence", () => {
    const reader = new StateReader({ a: 2, b: 3, c: [1, 2], d: "x", e: false, f: { g: 1 } });
    expect(reader.number("a", 0, 0, 5)).toBe(2);
    expect(reader.whole("b", 0, 0, 5)).toBe(3);
    expect(reader.numbers("c", [0, 0], 0, 5)).toEqual([1, 2]);
    expect(reader.numbers("c", [0], 0, 5, 3)).toEqual([1, 2]);
    expect(reader.choice("d", "y", ["x", "y"])).toBe("x");
    expect(reader.flag("e", true)).toBe(false);
    expect(reader.part("f", 0, "must be a part", () => 7)).toBe(7);
    expect(reader.number("missing", 9, 0, 5)).toBe(9);
    expect(reader.notes).toEqual([]);
  });

  it("replaces what does not fit, and names it", () => {
    const reader = new StateReader({ a: 9, b: 1.5, c: [1], d: "z", e: 0, f: 1, g: [1, "2"] });
    expect(reader.number("a", 1, 0, 5)).toBe(1);
    expect(reader.whole("b", 2, 0, 5)).toBe(2);
    expect(reader.numbers("c", [3, 4], 0, 5)).toEqual([3, 4]);
    expect(reader.numbers("g", [5], 0, 5, 2)).toEqual([5]);
    expect(reader.choice("d", "y", ["x", "y"])).toBe("y");
    expect(reader.flag("e", true)).toBe(true);
    expect(reader.part("f", 6, "must be a part", () => undefined)).toBe(6);
    expect(reader.notes).toEqual([
      "a must be a number from 0 to 5",
      "b must be a whole number from 0 to 5",
      "c must be 2 numbers from 0 to 5",
      "g must be 1 to 2 numbers from 0 to 5",
      "d must be one of x, y",
      "e must be true or false",
      "f must be a part",
    ]);
  });

  it("never throws, and reads nothing that is inherited", () => {
    expect(new StateReader([]).notes).toEqual(["the state must be an object"]);
    expect(new StateReader({}).part("toString", 1, "must", () => 2)).toBe(1);
    fc.assert(
      fc.property(fc.anything(), fc.string(), (json, key) => {
        const reader = new StateReader(json);
        const number = reader.number(key, 1, 0, 2);
        expect(number >= 0 && number <= 2).toBe(true);
      }),
    );
  });
});
