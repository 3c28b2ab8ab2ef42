import { elementsOf } from "./bytes.ts";
import { headerBytes, parseHeader, prefixBytes } from "./header.ts";
import type { Tensor, TensorInfo } from "./tensor.ts";

/** The content of a file; tensors in the order of its header. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Content of a whole file in memory.
 *
 * The tensors are views of `bytes` where their place is aligned (as in every file that `encode`
 * writes, if `bytes` itself begins aligned) and copies elsewhere.
 * Throws SafetensorsError if the file breaks the format, before it makes any tensor.
 */
export function decode(bytes: Uint8Array): Safetensors {
  const dataStart = prefixBytes + headerBytes(bytes, bytes.length);
  const header = parseHeader(bytes.subarray(prefixBytes, dataStart), bytes.length - dataStart);
  const tensors = new Map<string, Tensor>();
  for (const [name, info] of header.tensors) {
    tensors.set(name, tensorOf(info, bytes.subarray(dataStart + info.begin, dataStart + info.end)));
  }
  return { tensors, metadata: header.metadata };
}

/** The tensor that a header describes, from its bytes. */
export function tensorOf(
  { dtype, shape }: Pick<TensorInfo, "dtype" | "shape">,
  bytes: Uint8Array,
): Tensor {
  // The compiler does not see that dtype and data agree; `elementsOf` makes one from the other.
  return { dtype, shape, data: elementsOf(dtype, bytes) } as Tensor;
}
