import { elementsOf } from "./bytes.ts";
import { tensorOf } from "./decode.ts";
import { type DType, dtypes } from "./dtype.ts";
import { SafetensorsError, tensorNamed } from "./errors.ts";
import { bfloat16, bitsFromFloat, float16, floatFromBits } from "./float.ts";
import { byteLength, type Tensor } from "./tensor.ts";

/** All integers up to this are numbers exactly. */
const largest = 2n ** 53n;

/**
 * The elements as numbers, each exactly: BOOL as 0 and 1, F16 and BF16 by value.
 *
 * Throws SafetensorsError, with `name` and index, for an I64 or U64 element beyond ±2^53, and for
 * C64 and the F8 types, which are kept raw.
 */
export function toNumbers(tensor: Tensor, name: string): Float64Array<ArrayBuffer> {
  switch (tensor.dtype) {
    case "BOOL":
      return Float64Array.from(tensor.data, (byte) => (byte === 0 ? 0 : 1));
    case "F16":
      return Float64Array.from(tensor.data, (bits) => floatFromBits(float16, bits));
    case "BF16":
      return Float64Array.from(tensor.data, (bits) => floatFromBits(bfloat16, bits));
    case "I64":
    case "U64":
      return integersToNumbers(tensor.data, name);
    case "U8":
    case "I8":
    case "U16":
    case "I16":
    case "U32":
    case "I32":
    case "F32":
    case "F64":
      return Float64Array.from(tensor.data);
    default:
      throw rawType(tensor.dtype, name);
  }
}

/**
 * A tensor of the given numbers; F32, F16 and BF16 round to nearest, ties to even.
 *
 * Throws SafetensorsError, with `name` and index, for a number that an integer type or BOOL (0, 1)
 * cannot hold, for a wrong count, and for C64 and the F8 types.
 */
export function fromNumbers(
  dtype: DType,
  shape: readonly number[],
  numbers: ArrayLike<number>,
  name: string,
): Tensor {
  const where = tensorNamed(name);
  const bytes = byteLength(where, dtype, shape);
  const count = bytes / dtypes[dtype].bytes;
  if (numbers.length !== count) {
    throw new SafetensorsError(
      `${where}: [${shape.join(", ")}] must have ${count} numbers, got ${numbers.length}`,
    );
  }
  switch (dtype) {
    case "F16":
      return { dtype, shape, data: Uint16Array.from(numbers, (x) => bitsFromFloat(float16, x)) };
    case "BF16":
      return { dtype, shape, data: Uint16Array.from(numbers, (x) => bitsFromFloat(bfloat16, x)) };
    case "F32":
      return { dtype, shape, data: Float32Array.from(numbers) };
    case "F64":
      return { dtype, shape, data: Float64Array.from(numbers) };
    case "BOOL":
    case "U8":
    case "I8":
    case "U16":
    case "I16":
    case "U32":
    case "I32":
    case "I64":
    case "U64":
      return integersFromNumbers({ dtype, shape }, new Uint8Array(bytes), numbers, where);
    default:
      throw rawType(dtype, name);
  }
}

function integersToNumbers(
  data: BigInt64Array | BigUint64Array,
  name: string,
): Float64Array<ArrayBuffer> {
  const numbers = new Float64Array(data.length);
  for (const [index, value] of data.entries()) {
    if (value > largest || value < -largest) {
      throw new SafetensorsError(
        `${tensorNamed(name)}, index ${index}: must lie within ±2^53 to be a number, got ${value}`,
      );
    }
    numbers[index] = Number(value);
  }
  return numbers;
}

function integersFromNumbers(
  type: Pick<Tensor, "dtype" | "shape">,
  bytes: Uint8Array,
  numbers: ArrayLike<number>,
  where: string,
): Tensor {
  // Filled as elements, then read back by `tensorOf`: both are views of `bytes`.
  const data = elementsOf(type.dtype, bytes);
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] ?? Number.NaN;
    const fits = Number.isInteger(value) && (type.dtype !== "BOOL" || value === 0 || value === 1);
    if (fits) data[i] = typeof data[i] === "bigint" ? BigInt(value) : value;
    // What does not fit wraps around, and so differs when read back.
    if (!fits || Number(data[i]) !== value) {
      throw new SafetensorsError(
        `${where}, index ${i}: must be a value of ${type.dtype}, got ${value}`,
      );
    }
  }
  return tensorOf(type, bytes);
}

function rawType(dtype: DType, name: string): SafetensorsError {
  return new SafetensorsError(
    `${tensorNamed(name)}: must be of a type with real values, got ${dtype}`,
  );
}
