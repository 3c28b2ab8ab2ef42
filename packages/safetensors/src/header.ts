import { type DType, dtypes, isDType } from "./dtype.ts";
import { quote, SafetensorsError, tensorNamed } from "./errors.ts";
import { checkLayout } from "./layout.ts";
import { Scanner } from "./scanner.ts";
import { maxRank, type TensorInfo } from "./tensor.ts";

/** The key of a header that holds texts about the file, and that no tensor may bear. */
export const metadataKey = "__metadata__";

/** Longest header that is read or written, in bytes; the reference implementation's limit. */
export const maxHeaderBytes = 100_000_000;

/** Bytes before the header, its length as an unsigned 64-bit integer. */
export const prefixBytes = 8;

/** What a file holds beside the elements. */
export interface Header {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Length of the header, from the first 8 bytes of a file of `size` bytes.
 *
 * Throws SafetensorsError if it cannot be: before anything of that length is read or allocated.
 */
export function headerBytes(prefix: Uint8Array, size: number): number {
  if (size < prefixBytes || prefix.length < prefixBytes) {
    throw new SafetensorsError(`safetensors file: must have at least 8 bytes, got ${size}`);
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefixBytes);
  const length = view.getBigUint64(0, true);
  const limit = Math.min(maxHeaderBytes, size - prefixBytes);
  if (length < 2n || length > BigInt(limit)) {
    throw new SafetensorsError(
      `safetensors file: header length must be from 2 to ${limit} bytes, got ${length}`,
    );
  }
  return Number(length);
}

/**
 * Reads and checks a header.
 *
 * `dataBytes` is the number of bytes after it; the tensors must fill them, without gap or overlap.
 * Throws SafetensorsError.
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number): Header {
  const where = "safetensors header";
  const text = decodeText(bytes, where);
  if (!text.startsWith("{")) {
    throw new SafetensorsError(`${where}: must begin with "{", got ${quote(text.slice(0, 20))}`);
  }
  const tensors = new Map<string, TensorInfo>();
  const metadata = new Map<string, string>();
  const scanner = new Scanner(text);
  scanner.object(where, (key) => {
    if (key === metadataKey) {
      scanner.object(`${where}, ${metadataKey}`, (name) => {
        metadata.set(name, scanner.string(`${where}, ${metadataKey}`));
      });
    } else {
      tensors.set(key, parseInfo(scanner, tensorNamed(key)));
    }
  });
  scanner.end(where);
  checkLayout(tensors, dataBytes);
  return { tensors, metadata };
}

function decodeText(bytes: Uint8Array, where: string): string {
  try {
    // A copy, because browsers do not decode shared memory.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.slice());
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new SafetensorsError(`${where}: must be UTF-8, got other bytes`);
  }
}

function parseInfo(scanner: Scanner, where: string): TensorInfo {
  const found: { dtype?: DType; shape?: number[]; offsets?: number[] } = {};
  scanner.object(where, (field) => {
    const part = `${where}, ${field}`;
    if (field === "dtype") found.dtype = parseDType(scanner.string(part), where);
    else if (field === "shape") found.shape = scanner.integers(part, maxRank);
    else if (field === "data_offsets") found.offsets = scanner.integers(part, 2);
    else {
      throw new SafetensorsError(
        `${where}: must have only dtype, shape and data_offsets, got ${quote(field)}`,
      );
    }
  });
  const { dtype, shape, offsets } = found;
  const [begin, end] = offsets ?? [];
  if (dtype === undefined || shape === undefined || begin === undefined || end === undefined) {
    const parts = [dtype && "dtype", shape && "shape", offsets && `${offsets.length} data_offsets`];
    throw new SafetensorsError(
      `${where}: must have dtype, shape and 2 data_offsets, ` +
        `got ${parts.filter(Boolean).join(", ") || "none of them"}`,
    );
  }
  return { dtype, shape, begin, end };
}

function parseDType(name: string, where: string): DType {
  if (isDType(name)) return name;
  const known = Object.keys(dtypes).join(", ");
  throw new SafetensorsError(`${where}: dtype must be one of ${known}, got ${quote(name)}`);
}
