export * from "./kernels/index.ts";
export * from "./math/index.ts";
export * from "./wasm/index.ts";
