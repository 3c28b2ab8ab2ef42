import { bytesOf } from "./bytes.ts";
import { dtypes, isDType, rankOf } from "./dtype.ts";
import { quote, SafetensorsError, tensorNamed } from "./errors.ts";
import { maxHeaderBytes, metadataKey, prefixBytes } from "./header.ts";
import { isWellFormed } from "./scanner.ts";
import { byteLength, type Tensor } from "./tensor.ts";

/** Values by name, as a map or as an object. */
export type Named<V> = ReadonlyMap<string, V> | Readonly<Record<string, V>>;

/** A file in pieces: `size` bytes in all, the tensors' pieces being views of their memory. */
export interface Chunks {
  readonly size: number;
  readonly chunks: readonly Uint8Array[];
}

/**
 * A file of tensors and metadata, as bytes.
 *
 * The same content gives the same bytes, those of the reference implementation: metadata by key,
 * tensors by falling alignment and then by name, header padded with spaces to 8 bytes.
 * Throws SafetensorsError.
 */
export function encode(
  tensors: Named<Tensor>,
  metadata: Named<string> = {},
): Uint8Array<ArrayBuffer> {
  const { size, chunks } = encodeChunks(tensors, metadata);
  const file = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    file.set(chunk, offset);
    offset += chunk.length;
  }
  return file;
}

/** As `encode`, in pieces to be written one after another, without a copy of the data. */
export function encodeChunks(tensors: Named<Tensor>, metadata: Named<string> = {}): Chunks {
  const entries: string[] = [];
  const texts = entriesOf(metadata).sort(byName);
  if (texts.length > 0) entries.push(`${JSON.stringify(metadataKey)}:${metadataJson(texts)}`);

  const sorted = entriesOf(tensors);
  for (const [name, tensor] of sorted) checkTensor(name, tensor);
  sorted.sort((a, b) => rankOf(b[1].dtype) - rankOf(a[1].dtype) || byName(a, b));

  const chunks: Uint8Array[] = [];
  let end = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    const begin = end;
    end += data.byteLength;
    chunks.push(bytesOf(data));
    entries.push(
      `${JSON.stringify(name)}:{"dtype":"${dtype}","shape":[${shape.join(",")}],` +
        `"data_offsets":[${begin},${end}]}`,
    );
  }
  const header = encodeHeader(`{${entries.join(",")}}`);
  return { size: header.length + end, chunks: [header, ...chunks] };
}

/** Length and text, padded so that the data begins at a multiple of 8. */
function encodeHeader(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8;
  if (length > maxHeaderBytes) {
    throw new SafetensorsError(
      `encode: the header must be at most ${maxHeaderBytes} bytes, got ${length}`,
    );
  }
  const header = new Uint8Array(prefixBytes + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, prefixBytes);
  return header;
}

function metadataJson(texts: readonly (readonly [string, string])[]): string {
  const entries = texts.map(([key, text]) => {
    const where = `metadata ${quote(key)}`;
    if (typeof text !== "string") {
      throw new SafetensorsError(`${where}: must be a string, got a ${typeof text}`);
    }
    checkText(where, key);
    checkText(where, text);
    return `${JSON.stringify(key)}:${JSON.stringify(text)}`;
  });
  return `{${entries.join(",")}}`;
}

function checkTensor(name: string, { dtype, shape, data }: Tensor): void {
  const where = tensorNamed(name);
  checkText(where, name);
  if (name === metadataKey) {
    throw new SafetensorsError(`${where}: must bear a name of its own, got that of the metadata`);
  }
  if (!isDType(dtype)) {
    const known = Object.keys(dtypes).join(", ");
    throw new SafetensorsError(`${where}: dtype must be one of ${known}, got ${quote(`${dtype}`)}`);
  }
  const { Array: Elements } = dtypes[dtype];
  const expected = byteLength(where, dtype, shape);
  if (!(data instanceof Elements)) {
    throw new SafetensorsError(
      `${where}: data of ${dtype} must be a ${Elements.name}, got ${kindOf(data)}`,
    );
  }
  if (data.byteLength !== expected) {
    throw new SafetensorsError(
      `${where}: data of ${dtype} [${shape.join(", ")}] must have ${expected} bytes, ` +
        `got ${data.byteLength}`,
    );
  }
}

function checkText(where: string, text: string): void {
  if (!isWellFormed(text)) {
    throw new SafetensorsError(`${where}: surrogates must be paired, got ${quote(text)}`);
  }
}

function kindOf(value: unknown): string {
  return value instanceof Object ? `a ${value.constructor.name}` : String(value);
}

function entriesOf<V>(named: Named<V>): [string, V][] {
  return named instanceof Map ? [...named] : Object.entries(named);
}

/** By code points, as UTF-8 sorts; UTF-16 would put U+1F600 before U+FFFD. */
function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue;
    // Two texts that part inside a surrogate pair share its first half; compare the second.
    return (a.codePointAt(i) ?? 0) - (b.codePointAt(i) ?? 0);
  }
  return a.length - b.length;
}
