import { type DataOf, type DType, dtypes } from "./dtype.ts";
import { SafetensorsError } from "./errors.ts";

/** Elements in row-major order, with their type and shape; a scalar has shape []. */
export type Tensor<D extends DType = DType> = {
  [K in D]: {
    readonly dtype: K;
    readonly shape: readonly number[];
    readonly data: DataOf[K];
  };
}[D];

/** What a header says of a tensor; its bytes are `begin` to `end` of the data after the header. */
export interface TensorInfo {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Most axes a tensor may have; NumPy and PyTorch hold no more. */
export const maxRank = 64;

/**
 * Bytes of a tensor, Π shape · bytes an element.
 *
 * Throws SafetensorsError, naming `where`, if a size is no integer or the product leaves 2^53.
 */
export function byteLength(where: string, dtype: DType, shape: readonly number[]): number {
  if (shape.length > maxRank) {
    throw new SafetensorsError(`${where}: must have at most ${maxRank} axes, got ${shape.length}`);
  }
  // A product of safe integers that leaves them rounds to 2^53 or more, never back below.
  let product: number = dtypes[dtype].bytes;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new SafetensorsError(
        `${where}: sizes must be integers from 0 to 2^53 - 1, got [${shape.join(", ")}]`,
      );
    }
    product *= size;
    if (!Number.isSafeInteger(product)) {
      throw new SafetensorsError(
        `${where}: must have less than 2^53 bytes, got ${dtype} [${shape.join(", ")}]`,
      );
    }
  }
  return product;
}
