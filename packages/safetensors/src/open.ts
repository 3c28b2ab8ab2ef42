import { tensorOf } from "./decode.ts";
import { SafetensorsError, tensorNamed } from "./errors.ts";
import { type Header, headerBytes, parseHeader, prefixBytes } from "./header.ts";
import type { Tensor } from "./tensor.ts";

/** Bytes that can be read in parts: a file, a range request, a Blob. */
export interface Source {
  readonly size: number;
  /** The `length` bytes from `offset`, which lie within `size`. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** From index `from` (first if absent) up to but without `to` (end if absent) of the first axis. */
export interface Rows {
  readonly from?: number;
  readonly to?: number;
}

/** A file whose header has been read, and whose tensors are read when asked for. */
export interface LazySafetensors extends Header {
  /**
   * A tensor, or some rows of its first axis, reading these bytes only.
   *
   * Throws SafetensorsError if there is no such tensor or row, or if the source gives too little.
   */
  read(name: string, rows?: Rows): Promise<Tensor>;
}

/**
 * Reads the header of a file and nothing else.
 *
 * Throws SafetensorsError if it breaks the format.
 */
export async function openSafetensors(source: Source): Promise<LazySafetensors> {
  const { size } = source;
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new SafetensorsError(`source: size must be an integer from 0 to 2^53 - 1, got ${size}`);
  }
  const prefix = await readExactly(source, 0, Math.min(prefixBytes, size));
  const length = headerBytes(prefix, size);
  const dataStart = prefixBytes + length;
  const header = parseHeader(await readExactly(source, prefixBytes, length), size - dataStart);
  return {
    ...header,
    read: async (name, rows) => {
      const info = header.tensors.get(name);
      if (info === undefined) {
        throw new SafetensorsError(`${tensorNamed(name)}: must be in the file, got no such name`);
      }
      const [first = 0, ...rest] = info.shape;
      const { from, to } = rowRange(name, info.shape, rows);
      if (rows === undefined) {
        const bytes = await readExactly(source, dataStart + info.begin, info.end - info.begin);
        return tensorOf(info, bytes);
      }
      const rowBytes = first === 0 ? 0 : (info.end - info.begin) / first;
      const begin = dataStart + info.begin + from * rowBytes;
      const bytes = await readExactly(source, begin, (to - from) * rowBytes);
      return tensorOf({ dtype: info.dtype, shape: [to - from, ...rest] }, bytes);
    },
  };
}

function rowRange(name: string, shape: readonly number[], rows: Rows | undefined): Required<Rows> {
  const [first] = shape;
  const { from = 0, to = first ?? 0 } = rows ?? {};
  if (rows === undefined) return { from, to };
  if (first === undefined) {
    throw new SafetensorsError(
      `${tensorNamed(name)}: must have an axis to read rows, got a scalar`,
    );
  }
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || from > to || to > first) {
    throw new SafetensorsError(
      `${tensorNamed(name)}: rows must lie within 0 to ${first}, got ${from} to ${to}`,
    );
  }
  return { from, to };
}

async function readExactly(source: Source, offset: number, length: number): Promise<Uint8Array> {
  if (length === 0) return new Uint8Array(0);
  const bytes = await source.read(offset, length);
  if (bytes.length !== length) {
    throw new SafetensorsError(
      `source: must give ${length} bytes from ${offset}, got ${bytes.length}`,
    );
  }
  return bytes;
}
