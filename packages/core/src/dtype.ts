/** Element types: double and single precision, 32-bit integer, truth value. */
export type DType = "f64" | "f32" | "i32" | "bool";

/** All element types, lowest in promotion first. */
export const dtypes: readonly DType[] = ["bool", "i32", "f32", "f64"];

/** Whether derivatives by values of this type exist. */
export function isFloat(dtype: DType): boolean {
  return dtype === "f64" || dtype === "f32";
}

/** The type two operands meet in: bool < i32 < f32 < f64. */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  return dtypes.indexOf(a) > dtypes.indexOf(b) ? a : b;
}

/** The storage of each element type. */
export type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/** Zero-filled storage for `length` elements. */
export function allocate(dtype: DType, length: number): TypedArray {
  switch (dtype) {
    case "f64":
      return new Float64Array(length);
    case "f32":
      return new Float32Array(length);
    case "i32":
      return new Int32Array(length);
    case "bool":
      return new Uint8Array(length);
  }
}

/** `value` as an element of this type holds it: rounded to single, wrapped to 32 bits, or 0 and 1. */
export function roundTo(dtype: DType, value: number): number {
  switch (dtype) {
    case "f64":
      return value;
    case "f32":
      return Math.fround(value);
    case "i32":
      return value | 0;
    case "bool":
      return value === 0 ? 0 : 1;
  }
}
