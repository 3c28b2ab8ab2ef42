import { type DType, fromNumbers, SafetensorsError, toNumbers } from "@chainrule/safetensors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allDTypes } from "./arbitraries.ts";

const ranges: readonly [DType, number, number][] = [
  ["BOOL", 0, 1],
  ["U8", 0, 255],
  ["I8", -128, 127],
  ["U16", 0, 65535],
  ["I16", -32768, 32767],
  ["U32", 0, 2 ** 32 - 1],
  ["I32", -(2 ** 31), 2 ** 31 - 1],
  ["U64", 0, 2 ** 53],
  ["I64", -(2 ** 53), 2 ** 53],
];

describe("toNumbers and fromNumbers", () => {
  test.each(ranges)("%s holds %d to %d, and integers only", (dtype, low, high) => {
    const tensor = fromNumbers(dtype, [2], [low, high], "t");
    expect(tensor.dtype).toBe(dtype);
    expect([...toNumbers(tensor, "t")]).toEqual([low, high]);
    const outside =
      dtype === "U64" ? [-1, 2 ** 64] : dtype === "I64" ? [2 ** 63] : [low - 1, high + 1];
    for (const value of [...outside, 0.5, Number.NaN, Infinity]) {
      expect(() => fromNumbers(dtype, [2], [0, value], "t")).toThrow(
        `tensor "t", index 1: must be a value of ${dtype}, got ${value}`,
      );
    }
  });

  test("integers beyond 2^53 are refused by name and index", () => {
    const ids = {
      dtype: "I64",
      shape: [3],
      data: BigInt64Array.of(0n, -1n, 2n ** 53n + 1n),
    } as const;
    expect(() => toNumbers(ids, "ids")).toThrow(SafetensorsError);
    expect(() => toNumbers(ids, "ids")).toThrow(
      'tensor "ids", index 2: must lie within ±2^53 to be a number, got 9007199254740993',
    );
    const low = { dtype: "I64", shape: [], data: BigInt64Array.of(-(2n ** 63n)) } as const;
    expect(() => toNumbers(low, "low")).toThrow('tensor "low", index 0:');
    const high = { dtype: "U64", shape: [], data: BigUint64Array.of(2n ** 64n - 1n) } as const;
    expect(() => toNumbers(high, "high")).toThrow("got 18446744073709551615");
  });

  test("F64 keeps every double, F32 rounds", () => {
    fc.assert(
      fc.property(fc.double(), (x) => {
        expect(toNumbers(fromNumbers("F64", [], [x], "x"), "x")[0]).toBe(x);
        expect(toNumbers(fromNumbers("F32", [], [x], "x"), "x")[0]).toBe(Math.fround(x));
      }),
    );
  });

  // IEEE 754 binary16; bfloat16 is the upper half of binary32.
  test.each([
    ["F16", 0x0000, 0],
    ["F16", 0x8000, -0],
    ["F16", 0x0001, 2 ** -24],
    ["F16", 0x03ff, 1023 * 2 ** -24],
    ["F16", 0x0400, 2 ** -14],
    ["F16", 0x3555, 0.333251953125],
    ["F16", 0xc000, -2],
    ["F16", 0x7bff, 65504],
    ["F16", 0xfc00, -Infinity],
    ["F16", 0x7e00, Number.NaN],
    ["BF16", 0x3f80, 1],
    ["BF16", 0xc049, -3.140625],
    ["BF16", 0x0001, 2 ** -133],
    ["BF16", 0x7f7f, 255 * 2 ** 120],
    ["BF16", 0x7f80, Infinity],
  ] as const)("%s %i is %d", (dtype, bits, value) => {
    expect(toNumbers({ dtype, shape: [], data: Uint16Array.of(bits) }, "x")[0]).toBe(value);
    expect(fromNumbers(dtype, [], [value], "x").data[0]).toBe(bits);
  });

  test.each(["F16", "BF16"] as const)("every %s comes back from its value", (dtype) => {
    const data = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
    const numbers = toNumbers({ dtype, shape: [2 ** 16], data }, "all");
    const back = fromNumbers(dtype, [2 ** 16], numbers, "all").data;
    const differing = data.filter((bits, i) => !Number.isNaN(numbers[i]) && back[i] !== bits);
    expect([...differing]).toEqual([]);
  });

  test.each(["F16", "BF16"] as const)("%s rounds to nearest, ties to even", (dtype) => {
    const value = (bits: number) =>
      toNumbers({ dtype, shape: [], data: Uint16Array.of(bits) }, "x")[0] ?? 0;
    const largest = dtype === "F16" ? 0x7bff : 0x7f7f;
    fc.assert(
      fc.property(fc.nat(largest - 1), fc.boolean(), (bits, negative) => {
        const sign = negative ? -1 : 1;
        const middle = (value(bits) + value(bits + 1)) / 2;
        const round = (x: number) =>
          (fromNumbers(dtype, [], [sign * x], "x").data[0] as number) & 0x7fff;
        expect(round(middle)).toBe(bits + (bits % 2));
        expect(round(middle * (1 - 2 ** -52))).toBe(bits);
        expect(round(middle * (1 + 2 ** -52))).toBe(bits + 1);
      }),
    );
    // Half a step beyond the largest goes to infinity, less does not.
    const step = value(largest) - value(largest - 1);
    const beyond = (x: number) => fromNumbers(dtype, [], [x], "x").data[0];
    expect(beyond(value(largest) + step / 2)).toBe(largest + 1);
    expect(beyond((value(largest) + step / 2) * (1 - 2 ** -52))).toBe(largest);
    expect(beyond(Number.MAX_VALUE)).toBe(largest + 1);
    expect(beyond(Number.MIN_VALUE)).toBe(0);
  });

  test("raw types and wrong counts are refused", () => {
    for (const dtype of allDTypes.filter((name) => /^(F8|C)/.test(name))) {
      expect(() => fromNumbers(dtype, [1], [0], "t")).toThrow(
        `tensor "t": must be of a type with real values, got ${dtype}`,
      );
    }
    const raw = { dtype: "F8_E4M3", shape: [1], data: Uint8Array.of(0) } as const;
    expect(() => toNumbers(raw, "t")).toThrow("must be of a type with real values, got F8_E4M3");
    expect(() => fromNumbers("F32", [2, 2], [1, 2, 3], "t")).toThrow(
      'tensor "t": [2, 2] must have 4 numbers, got 3',
    );
  });
});
