/**
 * The array that holds the elements of each dtype.
 *
 * BOOL is a byte an element; F16, BF16 and the F8 types are their bits; C64 is two numbers an
 * element, real and imaginary part.
 */
export interface DataOf {
  BOOL: Uint8Array;
  U8: Uint8Array;
  I8: Int8Array;
  F8_E5M2: Uint8Array;
  F8_E4M3: Uint8Array;
  F8_E8M0: Uint8Array;
  F8_E4M3FNUZ: Uint8Array;
  F8_E5M2FNUZ: Uint8Array;
  I16: Int16Array;
  U16: Uint16Array;
  F16: Uint16Array;
  BF16: Uint16Array;
  I32: Int32Array;
  U32: Uint32Array;
  F32: Float32Array;
  C64: Float32Array;
  F64: Float64Array;
  I64: BigInt64Array;
  U64: BigUint64Array;
}

/** Name of an element type, as files spell it. */
export type DType = keyof DataOf;

/** What a dtype needs in a file and in memory. */
export interface ElementType<A> {
  /** Bytes of one element. */
  readonly bytes: number;
  readonly Array: {
    readonly BYTES_PER_ELEMENT: number;
    new (buffer: ArrayBufferLike, byteOffset: number, length: number): A;
  };
}

/**
 * Every dtype of whole bytes, by growing alignment.
 *
 * The order is that of the reference implementation, which writes the last first, so that data
 * that begins aligned stays aligned. Its packed types of 4 and 6 bits are not read.
 */
export const dtypes: { readonly [D in DType]: ElementType<DataOf[D]> } = {
  BOOL: { bytes: 1, Array: Uint8Array },
  U8: { bytes: 1, Array: Uint8Array },
  I8: { bytes: 1, Array: Int8Array },
  F8_E5M2: { bytes: 1, Array: Uint8Array },
  F8_E4M3: { bytes: 1, Array: Uint8Array },
  F8_E8M0: { bytes: 1, Array: Uint8Array },
  F8_E4M3FNUZ: { bytes: 1, Array: Uint8Array },
  F8_E5M2FNUZ: { bytes: 1, Array: Uint8Array },
  I16: { bytes: 2, Array: Int16Array },
  U16: { bytes: 2, Array: Uint16Array },
  F16: { bytes: 2, Array: Uint16Array },
  BF16: { bytes: 2, Array: Uint16Array },
  I32: { bytes: 4, Array: Int32Array },
  U32: { bytes: 4, Array: Uint32Array },
  F32: { bytes: 4, Array: Float32Array },
  C64: { bytes: 8, Array: Float32Array },
  F64: { bytes: 8, Array: Float64Array },
  I64: { bytes: 8, Array: BigInt64Array },
  U64: { bytes: 8, Array: BigUint64Array },
};

const ranks: ReadonlyMap<string, number> = new Map(
  Object.keys(dtypes).map((name, rank) => [name, rank]),
);

/** Whether a text names a dtype. */
export function isDType(name: string): name is DType {
  return ranks.has(name);
}

/** Place of a dtype in the order of `dtypes`. */
export function rankOf(dtype: DType): number {
  return ranks.get(dtype) ?? -1;
}
