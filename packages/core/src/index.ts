export { type Bindable, type Bindings } from "./bind.ts";
export * from "./differentiate/index.ts";
export { allocate, type DType, dtypes, isFloat, promote, roundTo, type TypedArray } from "./dtype.ts";
export * from "./errors.ts";
export { type EvaluateOptions, evaluate, type ValueOf } from "./evaluate.ts";
export {
  type Attribute,
  type Attributes,
  Expr,
  isScalar,
  Lambda,
  type Operand,
  type Scalar,
  type Type,
} from "./expr.ts";
export * from "./notation.ts";
export * from "./op.ts";
export * from "./ops/index.ts";
export { type Dim, formatShape, type Shape } from "./shape.ts";
export { type Nested, Tensor, type Value } from "./tensor.ts";
export { leavesOf, Order, substitute, topological } from "./traverse.ts";
export { listPaths, type Path, type PathEdge, type Paths, paths } from "./paths.ts";
export { type TextOptions, toText } from "./print.ts";
export { simplify } from "./rewrite/simplify.ts";
export { type Named, Program, type ProgramParts } from "./program.ts";
export {
  type BackpropOptions,
  backprop,
  type Contribution,
  type PartialForms,
  type Trace,
  type TraceNode,
} from "./trace.ts";
export { type Effect, type Factor, type HeavyPath, type Why, why } from "./why.ts";
export { type Scalarized, type ScalarizeOptions, scalarize } from "./scalarize.ts";
