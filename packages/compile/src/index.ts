export * from "./kernels/index.ts";
export * from "./wasm/index.ts";
