import { encode, openSafetensors, type Source } from "@chainrule/safetensors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contents, fileOf, rawBytes } from "./arbitraries.ts";

/** A file in memory that records which parts are read. */
function recorded(file: Uint8Array): Source & { readonly reads: [number, number][] } {
  const reads: [number, number][] = [];
  return {
    size: file.length,
    reads,
    read: async (offset, length) => {
      reads.push([offset, length]);
      return file.slice(offset, offset + length);
    },
  };
}

const counting = Float32Array.from({ length: 12 }, (_, i) => i);
const file = encode(
  {
    w: { dtype: "F32", shape: [4, 3], data: counting },
    s: { dtype: "I64", shape: [], data: BigInt64Array.of(-1n) },
    none: { dtype: "F64", shape: [0, 3], data: new Float64Array(0) },
  },
  { epoch: "3" },
);
const dataStart = file.length - 8 - 48;

describe("openSafetensors", () => {
  test("reads every tensor as decode does", async () => {
    await fc.assert(
      fc.asyncProperty(contents, async ({ tensors, metadata }) => {
        const lazy = await openSafetensors(recorded(encode(tensors, metadata)));
        expect(new Map([...lazy.metadata])).toEqual(metadata);
        expect(lazy.tensors.size).toBe(tensors.size);
        for (const [name, tensor] of tensors) {
          const read = await lazy.read(name);
          expect({ ...read, data: rawBytes(read.data) }).toEqual({
            ...tensor,
            data: rawBytes(tensor.data),
          });
        }
      }),
    );
  });

  test("reads the header only, then what is asked for only", async () => {
    const source = recorded(file);
    const lazy = await openSafetensors(source);
    expect(source.reads).toEqual([
      [0, 8],
      [8, dataStart - 8],
    ]);
    expect(lazy.metadata.get("epoch")).toBe("3");
    expect(lazy.tensors.get("w")).toEqual({ dtype: "F32", shape: [4, 3], begin: 8, end: 56 });
    source.reads.length = 0;

    expect((await lazy.read("s")).data).toEqual(BigInt64Array.of(-1n));
    expect(await lazy.read("w", { from: 1, to: 3 })).toEqual({
      dtype: "F32",
      shape: [2, 3],
      data: counting.slice(3, 9),
    });
    expect((await lazy.read("w", { from: 3 })).shape).toEqual([1, 3]);
    expect((await lazy.read("w", { from: 2, to: 2 })).shape).toEqual([0, 3]);
    expect((await lazy.read("none", {})).shape).toEqual([0, 3]);
    expect(source.reads).toEqual([
      [dataStart, 8],
      [dataStart + 20, 24],
      [dataStart + 44, 12],
    ]);
  });

  test("takes sources that answer at once", async () => {
    const read = (offset: number, length: number) => file.subarray(offset, offset + length);
    const lazy = await openSafetensors({ size: file.length, read });
    expect((await lazy.read("w")).data).toEqual(counting);
  });

  test("refuses unknown names and rows outside", async () => {
    const lazy = await openSafetensors(recorded(file));
    await expect(lazy.read("v")).rejects.toThrow('tensor "v": must be in the file');
    await expect(lazy.read("s", { from: 0 })).rejects.toThrow(
      'tensor "s": must have an axis to read rows, got a scalar',
    );
    for (const rows of [{ from: -1 }, { to: 5 }, { from: 3, to: 2 }, { from: 0.5 }, { to: NaN }]) {
      await expect(lazy.read("w", rows)).rejects.toThrow('tensor "w": rows must lie within 0 to 4');
    }
  });

  test("asks for nothing that a hostile length names", async () => {
    const hostile = recorded(new Uint8Array(64).fill(255));
    await expect(openSafetensors(hostile)).rejects.toThrow("header length must be from 2 to 56");
    expect(hostile.reads).toEqual([[0, 8]]);
    const empty = recorded(new Uint8Array(0));
    await expect(openSafetensors(empty)).rejects.toThrow("must have at least 8 bytes, got 0");
    const gap = recorded(fileOf('{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}', 1));
    await expect(openSafetensors(gap)).rejects.toThrow("must lie within the 1 bytes of data");
  });

  test("refuses a source that gives too little, too much, or no size", async () => {
    const short = { size: file.length, read: () => new Uint8Array(3) };
    await expect(openSafetensors(short)).rejects.toThrow("source: must give 8 bytes from 0, got 3");
    const odd = { size: Number.NaN, read: () => new Uint8Array(8) };
    await expect(openSafetensors(odd)).rejects.toThrow("source: size must be an integer");
  });
});
