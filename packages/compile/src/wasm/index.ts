export { type BlockType, Body, type Label } from "./body.ts";
export { withCustomSection } from "./customSection.ts";
export {
  type Engine,
  type EngineGlobal,
  type EngineImports,
  type EngineInstance,
  type EngineMemory,
  type EngineModule,
  engine,
  type HostFunction,
} from "./engine.ts";
export {
  f32,
  f32x4,
  f64,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  memory,
  v128,
} from "./instructions.ts";
export { type ExternalKind, ModuleBuilder } from "./module.ts";
export { toWat } from "./print.ts";
export { type FunctionType, type Limits, pageSize, type ValueType } from "./types.ts";
export { ValidationError, validate } from "./validate.ts";
