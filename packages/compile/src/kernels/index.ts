export { matmulFunction, matmulParameters, matmulScratch } from "./matmul.ts";
export { matmulFlags } from "./step.ts";
