export { type COptions, type CSource, toC } from "./c/toC.ts";
export {
  type CompileOptions,
  compile,
  compileAsync,
  compiledModule,
  type EngineOptions,
} from "./compile.ts";
export * from "./elementwise/index.ts";
export * from "./executable/index.ts";
export { type ExportOptions, exportModule } from "./exportModule.ts";
export * from "./kernels/index.ts";
export * from "./math/index.ts";
export type { CompileParts } from "./parts.ts";
export * from "./plan/index.ts";
export type { SavedModule } from "./saved/saveModule.ts";
export type { ScalarOptions } from "./scalar/scalarProgram.ts";
export * from "./wasm/index.ts";
