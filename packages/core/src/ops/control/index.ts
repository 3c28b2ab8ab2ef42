export { item } from "../tuple.ts";
export { type AbstractAttributes, abstract, abstractAttributes } from "./abstract.ts";
export { type Callback, call } from "./call.ts";
export { type CallAttributes, callAttributes } from "./callRules.ts";
export { checkpoint } from "./checkpoint.ts";
export { type CondAttributes, cond, condAttributes } from "./cond.ts";
export {
  type CustomAttributes,
  customAttributes,
  customDerivative,
  type DerivativeRules,
} from "./customDerivative.ts";
export { func } from "./func.ts";
export { type MapAttributes, type MapOptions, map, mapAttributes } from "./map.ts";
export { type ScanOptions, scan, scanAttributes } from "./scan.ts";
export type { ScanAttributes } from "./scanKernel.ts";
export { stopGradient } from "./stopGradient.ts";
export type { AnyExprsOf, ExprsOf, Structure } from "./structure.ts";
export { type WhileAttributes, whileAttributes } from "./whileKernel.ts";
export { type WhileOptions, whileLoop } from "./whileLoop.ts";
