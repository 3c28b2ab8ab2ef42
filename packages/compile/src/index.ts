export { type CompileOptions, compile, type Executable, type Explanation } from "./compile.ts";
export * from "./elementwise/index.ts";
export * from "./kernels/index.ts";
export * from "./math/index.ts";
export type { CompileParts, ScalarOptions } from "./scalar/scalarProgram.ts";
export * from "./wasm/index.ts";
