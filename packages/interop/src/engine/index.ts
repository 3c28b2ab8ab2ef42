export { type OnnxRuntimeOptions, onnxRuntime } from "./onnxRuntime.ts";
export type { OnnxRuntimeModule, RuntimeSession, RuntimeTensor } from "./runtime.ts";
