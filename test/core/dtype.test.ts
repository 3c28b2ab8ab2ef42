import {
  add,
  allocate,
  cast,
  type DType,
  DTypeError,
  dtypes,
  evaluate,
  isFloat,
  promote,
  roundTo,
  scalar,
  variable,
} from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const dtype = fc.constantFrom(...dtypes);

describe("element types", () => {
  it("meet in the higher of two: commutative, associative, idempotent", () => {
    fc.assert(
      fc.property(dtype, dtype, dtype, (a, b, c) => {
        expect(promote(a, b)).toBe(promote(b, a));
        expect(promote(promote(a, b), c)).toBe(promote(a, promote(b, c)));
        expect(promote(a, a)).toBe(a);
      }),
    );
    expect(promote("bool", "i32")).toBe("i32");
    expect(promote("i32", "f32")).toBe("f32");
    expect(promote("f32", "f64")).toBe("f64");
  });

  it("have derivatives if they are floating", () => {
    expect(dtypes.filter(isFloat)).toEqual(["f32", "f64"]);
  });

  it.each([
    ["f64", 0.1, 0.1],
    ["f32", 0.1, Math.fround(0.1)],
    ["f32", 1e300, Number.POSITIVE_INFINITY],
    ["i32", 3.9, 3],
    ["i32", -3.9, -3],
    ["i32", 2 ** 31, -(2 ** 31)],
    ["i32", Number.NaN, 0],
    ["bool", 0.5, 1],
    ["bool", -0, 0],
    ["bool", Number.NaN, 1],
  ] as const)("%s holds %d as %d", (type, value, held) => {
    expect(roundTo(type, value)).toBe(held);
  });

  it("round as their storage does", () => {
    fc.assert(
      fc.property(fc.constantFrom<DType>("f64", "f32", "i32"), fc.double(), (type, value) => {
        const data = allocate(type, 1);
        data[0] = value;
        expect(Object.is(data[0], roundTo(type, value))).toBe(true);
        expect(roundTo(type, roundTo(type, value))).toBe(roundTo(type, value));
      }),
    );
    expect(allocate("bool", 3)).toEqual(Uint8Array.of(0, 0, 0));
  });

  it("a number adopts the type of its partner, and fractions make integers f64", () => {
    const types = (type: DType, number: number): DType => add(scalar("x", type), number).dtype;
    expect(types("f32", 0.1)).toBe("f32");
    expect(types("f64", 1)).toBe("f64");
    expect(types("i32", 2)).toBe("i32");
    expect(types("i32", 0.5)).toBe("f64");
    expect(types("i32", 2 ** 31)).toBe("f64");
    expect(types("bool", 1)).toBe("i32");
  });

  it("casts round, cut, and test for 0", () => {
    const x = variable("x", [3]);
    const to = (type: DType): unknown => evaluate(cast(x, type), { x: [0.1, -2.7, 0] });
    expect(to("f32")).toMatchObject({ dtype: "f32", data: Float32Array.of(0.1, -2.7, 0) });
    expect(to("i32")).toMatchObject({ dtype: "i32", data: Int32Array.of(0, -2, 0) });
    expect(to("bool")).toMatchObject({ dtype: "bool", data: Uint8Array.of(1, 1, 0) });
  });

  it("others are refused", () => {
    expect(() => scalar("x", "float" as never)).toThrow(
      new DTypeError('variable: dtype must be f64, f32, i32 or bool, got "float"'),
    );
    expect(() => cast(1, undefined as never)).toThrow(/^cast: dtype must be f64, f32, i32 or bool/);
  });
});
