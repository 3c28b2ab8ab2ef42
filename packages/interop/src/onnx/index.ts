export type { OnnxOptions } from "./export/exportProgram.ts";
export { fromOnnx } from "./fromOnnx.ts";
export { type FromOnnxOptions, type OnnxLayerOptions, OnnxModel } from "./import/onnxModel.ts";
export type { ExternalReader } from "./import/tensors.ts";
export type { Opset } from "./model.ts";
export { type ToOnnxFilesOptions, type ToOnnxOptions, toOnnx, toOnnxFiles } from "./toOnnx.ts";
