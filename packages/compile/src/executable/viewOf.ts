import type { DType, TypedArray } from "@chainrule/core";

/** A typed array over a stretch of memory. */
export function viewOf(
  buffer: ArrayBufferLike,
  dtype: DType,
  offset: number,
  length: number,
): TypedArray {
  const memory = buffer as ArrayBuffer;
  if (dtype === "f64") return new Float64Array(memory, offset, length);
  if (dtype === "f32") return new Float32Array(memory, offset, length);
  if (dtype === "i32") return new Int32Array(memory, offset, length);
  return new Uint8Array(memory, offset, length);
}

/** The class of typed arrays that hold a type. */
export function arrayOf(dtype: DType): new (length: number) => TypedArray {
  if (dtype === "f64") return Float64Array;
  if (dtype === "f32") return Float32Array;
  return dtype === "i32" ? Int32Array : Uint8Array;
}

/** Whether an array has lost its memory: a detached buffer has no bytes, and can no longer be sliced. */
export function isDetached({ buffer }: ArrayBufferView): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    buffer.slice(0, 0);
    return false;
  } catch {
    return true;
  }
}
