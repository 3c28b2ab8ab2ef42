/** Types of values on WebAssembly's stack, in locals and in globals. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** Codes of value types in the binary format. Source: WebAssembly core specification 2.0, 5.3. */
export const typeCode: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

const typesByCode = new Map<number, ValueType>(
  (Object.keys(typeCode) as ValueType[]).map((type) => [typeCode[type], type]),
);

/** The value type of a code, or undefined where it is none that this assembler knows. */
export function typeOfCode(code: number): ValueType | undefined {
  return typesByCode.get(code);
}

/** Types of what a function takes and gives, in order. */
export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** `[f64, f64] -> [f64]`. */
export function formatType({ params, results }: FunctionType): string {
  return `[${params.join(", ")}] -> [${results.join(", ")}]`;
}

/** Sizes of memories in pages of 64 KiB, of tables in elements; shared memories need a maximum. */
export interface Limits {
  readonly minimum: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

/** Bytes of a page of memory. */
export const pageSize = 65536;
