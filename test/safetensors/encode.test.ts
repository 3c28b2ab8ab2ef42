import { readFileSync } from "node:fs";
import {
  decode,
  dtypes,
  encode,
  encodeChunks,
  SafetensorsError,
  type Tensor,
} from "@chainrule/safetensors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { swapBytes } from "../../packages/safetensors/src/bytes.ts";
import { allDTypes, contents, rawBytes, tensorOf } from "./arbitraries.ts";

const scalar: Tensor = { dtype: "F32", shape: [], data: Float32Array.of(1.5) };

const headerText = (file: Uint8Array): string => {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return new TextDecoder().decode(file.subarray(8, 8 + length));
};

describe("encode", () => {
  test("and decode give back the same bits", () => {
    fc.assert(
      fc.property(contents, ({ tensors, metadata }) => {
        const back = decode(encode(tensors, metadata));
        expect(new Map([...back.metadata])).toEqual(metadata);
        expect(new Set(back.tensors.keys())).toEqual(new Set(tensors.keys()));
        for (const [name, tensor] of tensors) {
          const read = back.tensors.get(name);
          expect(read?.dtype).toBe(tensor.dtype);
          expect(read?.shape).toEqual(tensor.shape);
          expect(read?.data.constructor).toBe(tensor.data.constructor);
          expect(rawBytes(read?.data ?? scalar.data)).toEqual(rawBytes(tensor.data));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("gives the same bytes in whatever order the content comes", () => {
    fc.assert(
      fc.property(contents, ({ tensors, metadata }) => {
        const turned = encode(new Map([...tensors].reverse()), new Map([...metadata].reverse()));
        expect(turned).toEqual(encode(tensors, metadata));
        expect(encode(decode(turned).tensors, decode(turned).metadata)).toEqual(turned);
      }),
    );
  });

  test("aligns every tensor, so that decode copies none", () => {
    fc.assert(
      fc.property(contents, ({ tensors }) => {
        const file = encode(tensors);
        for (const { data } of decode(file).tensors.values()) expect(data.buffer).toBe(file.buffer);
      }),
    );
  });

  test("chunks are the file in pieces, and views of the tensors' memory", () => {
    const data = Float64Array.of(1, 2);
    const { size, chunks } = encodeChunks({ w: { dtype: "F64", shape: [2], data } });
    expect(chunks.at(-1)?.buffer).toBe(data.buffer);
    const file = encode({ w: { dtype: "F64", shape: [2], data } });
    expect(size).toBe(file.length);
    expect(chunks.flatMap((chunk) => [...chunk])).toEqual([...file]);
  });

  // Written by the Python package safetensors 0.8.0; fixtures/make.py says how.
  test("writes byte for byte what the reference implementation writes", () => {
    const path = new URL("fixtures/reference.safetensors", import.meta.url);
    const reference = new Uint8Array(readFileSync(path));
    const { tensors, metadata } = decode(reference);
    expect(tensors.size).toBe(allDTypes.length + 7);
    for (const dtype of allDTypes) {
      const tensor = tensors.get(`all.${dtype}`);
      const size = dtypes[dtype].bytes;
      const bytes = Array.from(
        { length: 3 * size },
        (_, k) => 16 * Math.floor(k / size) + (k % size) + 1,
      );
      expect(tensor).toEqual(tensorOf(dtype, [3], Uint8Array.from(bytes)));
    }
    expect(encode(tensors, metadata)).toEqual(reference);
  });

  test("sorts names as UTF-8 does, and pads with spaces to 8 bytes", () => {
    const file = encode(
      { "\u{1f600}": scalar, "\ufffd": scalar, b: scalar, ab: scalar, a: scalar },
      { z: "last", a: 'quote " tab \t \u2028' },
    );
    expect([...decode(file).tensors.keys()]).toEqual(["a", "ab", "b", "\ufffd", "\u{1f600}"]);
    expect(headerText(file)).toMatch(
      /^\{"__metadata__":\{"a":"quote \\" tab \\t \u2028","z":"last"\},"a":\{"dtype":"F32","shape":\[\],"data_offsets":\[0,4\]\},.*\} *$/,
    );
    expect((file.length - 5 * 4) % 8).toBe(0);
    expect(headerText(encode({}))).toBe("{}      ");
  });

  const bad: readonly [string, () => Uint8Array, string][] = [
    [
      "a wrong count",
      () => encode({ w: { dtype: "F32", shape: [2, 2], data: new Float32Array(3) } }),
      'tensor "w": data of F32 [2, 2] must have 16 bytes, got 12',
    ],
    [
      "a wrong array",
      () => encode({ w: { dtype: "F32", shape: [2], data: new Float64Array(2) } as never }),
      'tensor "w": data of F32 must be a Float32Array, got a Float64Array',
    ],
    [
      "no array",
      () => encode({ w: { dtype: "U8", shape: [], data: undefined } as never }),
      'tensor "w": data of U8 must be a Uint8Array, got undefined',
    ],
    [
      "an unknown dtype",
      () => encode({ w: { dtype: "F33", shape: [], data: new Uint8Array(1) } as never }),
      'tensor "w": dtype must be one of BOOL, U8, I8, F8_E5M2,',
    ],
    [
      "a fractional size",
      () => encode({ w: { dtype: "U8", shape: [1.5], data: new Uint8Array(1) } }),
      'tensor "w": sizes must be integers from 0 to 2^53 - 1, got [1.5]',
    ],
    [
      "65 axes",
      () => encode({ w: { dtype: "U8", shape: Array(65).fill(1), data: new Uint8Array(1) } }),
      'tensor "w": must have at most 64 axes, got 65',
    ],
    [
      "the metadata's name",
      () => encode({ __metadata__: scalar }),
      'tensor "__metadata__": must bear a name of its own, got that of the metadata',
    ],
    [
      "half a surrogate pair in a name",
      () => encode({ "\ud83d": scalar }),
      'tensor "\\ud83d": surrogates must be paired, got "\\ud83d"',
    ],
    [
      "half a surrogate pair in metadata",
      () => encode({}, { a: "\udc00" }),
      'metadata "a": surrogates must be paired, got "\\udc00"',
    ],
    [
      "metadata that is no text",
      () => encode({}, { epoch: 3 as never }),
      'metadata "epoch": must be a string, got a number',
    ],
    [
      "a header beyond the limit",
      () => encode({}, { text: "x".repeat(100_000_000) }),
      "encode: the header must be at most 100000000 bytes, got 100000032",
    ],
  ];
  test.each(bad)("refuses %s", (_what, write, message) => {
    let error: unknown;
    try {
      write();
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(SafetensorsError);
    expect(String(error)).toContain(message);
  });
});

test("swapBytes turns every element round", () => {
  expect([...swapBytes(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 4)]).toEqual([
    4, 3, 2, 1, 8, 7, 6, 5,
  ]);
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 4, 8), fc.uint8Array({ maxLength: 9 }), (width, part) => {
      const bytes = new Uint8Array(width * part.length).map((_, i) => part[i % part.length] ?? 0);
      expect(swapBytes(swapBytes(bytes, width), width)).toEqual(bytes);
    }),
  );
});
