export type { OnnxOptions } from "./export/exportProgram.ts";
export type { Opset } from "./model.ts";
export { type ToOnnxFilesOptions, type ToOnnxOptions, toOnnx, toOnnxFiles } from "./toOnnx.ts";
