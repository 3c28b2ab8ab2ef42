export { decode, type Safetensors } from "./decode.ts";
export { type DataOf, type DType, dtypes, type ElementType, isDType } from "./dtype.ts";
export { type Chunks, encode, encodeChunks, type Named } from "./encode.ts";
export { SafetensorsError } from "./errors.ts";
export type { Header } from "./header.ts";
export { fromNumbers, toNumbers } from "./numbers.ts";
export { type LazySafetensors, openSafetensors, type Rows, type Source } from "./open.ts";
export type { Tensor, TensorInfo } from "./tensor.ts";
