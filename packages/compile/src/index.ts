export { type COptions, type CSource, toC } from "./c/toC.ts";
export { type CompileOptions, compile, compiledModule } from "./compile.ts";
export * from "./elementwise/index.ts";
export * from "./executable/index.ts";
export * from "./kernels/index.ts";
export * from "./math/index.ts";
export * from "./plan/index.ts";
export type { CompileParts, ScalarOptions } from "./scalar/scalarProgram.ts";
export * from "./wasm/index.ts";
