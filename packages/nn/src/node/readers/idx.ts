import { readFile, stat } from "node:fs/promises";
import { ArgumentError, allocate, type DType, Tensor } from "@chainrule/core";
import { gunzipUpTo, isGzip } from "./inflate.ts";

/** Element types of the format, by the third byte of a file. */
const TYPES: Readonly<
  Record<number, { readonly bytes: number; readonly dtype: DType; readonly read: Read }>
> = {
  8: { bytes: 1, dtype: "i32", read: (view, at) => view.getUint8(at) },
  9: { bytes: 1, dtype: "i32", read: (view, at) => view.getInt8(at) },
  11: { bytes: 2, dtype: "i32", read: (view, at) => view.getInt16(at) },
  12: { bytes: 4, dtype: "i32", read: (view, at) => view.getInt32(at) },
  13: { bytes: 4, dtype: "f32", read: (view, at) => view.getFloat32(at) },
  14: { bytes: 8, dtype: "f64", read: (view, at) => view.getFloat64(at) },
};

type Read = (view: DataView, at: number) => number;

interface Header {
  readonly type: { readonly bytes: number; readonly dtype: DType; readonly read: Read };
  readonly shape: readonly number[];
  /** Where the numbers begin. */
  readonly start: number;
  readonly count: number;
  /** Of the whole file. */
  readonly length: number;
}

/** Options of the readers of files whose headers say how large they are. */
export interface SizeOptions {
  /** The most bytes a file may hold, inflated; 1 GiB unless given. */
  readonly limit?: number;
}

/**
 * The numbers of an IDX file, MNIST's format, gzip or not.
 *
 * Whole numbers become i32. Throws ArgumentError for a file of another format, of more or fewer numbers than its
 * header says, and of more bytes than `limit`, before memory is taken for them.
 * Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", section on file formats.
 */
export async function readIdx(
  path: string,
  { limit = 2 ** 30 }: SizeOptions = {},
): Promise<Tensor> {
  const where = `readIdx: ${path}`;
  const { size } = await stat(path);
  if (size > limit) throw tooLarge(where, size, limit);
  const bytes = new Uint8Array(await readFile(path));
  if (!isGzip(bytes)) return parseIdx(bytes, { limit }, where);
  // Four bytes of type and number of axes, then at most 255 sizes.
  const header = headerOf(await gunzipUpTo(bytes, 4 + 4 * 255, where), limit, where);
  return parseIdx(await gunzipUpTo(bytes, header.length + 1, where), { limit }, where);
}

/** The numbers of an IDX file's bytes, not gzip. Throws as `readIdx`. */
export function parseIdx(
  bytes: Uint8Array,
  { limit = 2 ** 30 }: SizeOptions = {},
  where = "parseIdx",
): Tensor {
  const { type, shape, start, count, length } = headerOf(bytes, limit, where);
  if (bytes.length !== length) {
    const got = bytes.length > length ? "more" : `${bytes.length}`;
    throw new ArgumentError(
      `${where}: a header of shape [${shape.join(", ")}] must be followed by its numbers, ${length} bytes in all, got ${got}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = allocate(type.dtype, count);
  for (let i = 0; i < count; i++) data[i] = type.read(view, start + i * type.bytes);
  return new Tensor(shape, data, type.dtype);
}

function headerOf(bytes: Uint8Array, limit: number, where: string): Header {
  const [zero, zeroToo, code = 0, axes = 0] = bytes;
  const type = TYPES[code];
  if (bytes.length < 4 || zero !== 0 || zeroToo !== 0 || type === undefined || axes === 0) {
    throw new ArgumentError(
      `${where}: the file must begin as IDX (0, 0, type 8, 9 or 11 … 14, number of axes), got [${bytes.subarray(0, 4).join(", ")}]`,
    );
  }
  const start = 4 + 4 * axes;
  if (bytes.length < start) {
    throw new ArgumentError(
      `${where}: the header must hold the sizes of ${axes} axes in ${start} bytes, got ${bytes.length} bytes`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  // Sizes multiply beyond exact numbers only where they are far beyond the limit.
  const count = shape.reduce((all, size) => all * size, 1);
  const length = start + count * type.bytes;
  if (!(length <= limit)) throw tooLarge(where, length, limit);
  return { type, shape, start, count, length };
}

function tooLarge(where: string, length: number, limit: number): ArgumentError {
  return new ArgumentError(
    `${where}: a file must hold at most ${limit} bytes (option limit), got ${length}`,
  );
}
