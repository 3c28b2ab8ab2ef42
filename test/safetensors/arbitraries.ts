import { type DType, dtypes, type Tensor } from "@chainrule/safetensors";
import fc from "fast-check";

export const allDTypes: readonly DType[] = Object.keys(dtypes) as DType[];

/** A file of little-endian length, header text as given, and data. */
export function fileOf(header: string | Uint8Array, data: Uint8Array | number = 0): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = typeof data === "number" ? new Uint8Array(data) : data;
  const file = new Uint8Array(8 + text.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(bytes, 8 + text.length);
  return file;
}

/** The bytes behind an array, to compare bit for bit (NaN, −0). */
export function rawBytes(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** A tensor of arbitrary bits. */
export function tensorOf(dtype: DType, shape: readonly number[], bytes: Uint8Array): Tensor {
  const { Array: Elements } = dtypes[dtype];
  const copy = bytes.slice();
  const data = new Elements(copy.buffer, 0, copy.length / Elements.BYTES_PER_ELEMENT);
  return { dtype, shape, data } as Tensor;
}

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

/** Any dtype, up to four axes, any bits. */
export const tensors: fc.Arbitrary<Tensor> = fc
  .tuple(fc.constantFrom(...allDTypes), shapes)
  .chain(([dtype, shape]) => {
    const length = shape.reduce((product, size) => product * size, dtypes[dtype].bytes);
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => tensorOf(dtype, shape, bytes));
  });

/** Texts of all planes, with quotes, escapes, control characters, and names that objects own. */
export const names: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom("__proto__", "constructor", "toString", "", '"', "\\", "\u0000", "\u2028", "7"),
);

/** The content of a file. */
export const contents: fc.Arbitrary<{
  tensors: Map<string, Tensor>;
  metadata: Map<string, string>;
}> = fc.record({
  tensors: fc
    .uniqueArray(fc.tuple(names, tensors), { selector: ([name]) => name, maxLength: 6 })
    .map((entries) => new Map(entries)),
  metadata: fc
    .uniqueArray(fc.tuple(names, names), { selector: ([key]) => key, maxLength: 4 })
    .map((entries) => new Map(entries)),
});
