import { type DataOf, type DType, dtypes } from "./dtype.ts";

/** Files are little-endian; so is every browser and nearly every Node. */
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A copy with every group of `width` bytes in reverse order. */
export function swapBytes(bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> {
  const swapped = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const place = i % width;
    swapped[i - place + (width - 1 - place)] = bytes[i] ?? 0;
  }
  return swapped;
}

/** Bytes of a file as elements: a view of the same memory where aligned, otherwise of a copy. */
export function elementsOf<D extends DType>(dtype: D, bytes: Uint8Array): DataOf[D] {
  const { Array: Elements } = dtypes[dtype];
  const width = Elements.BYTES_PER_ELEMENT;
  const count = bytes.length / width;
  if (!littleEndian && width > 1) return new Elements(swapBytes(bytes, width).buffer, 0, count);
  if (bytes.byteOffset % width === 0) return new Elements(bytes.buffer, bytes.byteOffset, count);
  // Not `slice`, by which Node's Buffer gives a view.
  return new Elements(new Uint8Array(bytes).buffer, 0, count);
}

/** Elements as bytes of a file: a view of the same memory where the machine is little-endian. */
export function bytesOf(data: DataOf[DType]): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const width = data.BYTES_PER_ELEMENT;
  return littleEndian || width === 1 ? bytes : swapBytes(bytes, width);
}
