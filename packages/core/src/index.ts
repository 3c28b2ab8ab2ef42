export {
  type Bindable,
  type Bindings,
  type BindOptions,
  type Bound,
  bind,
  isInput,
  nameOf,
} from "./bind.ts";
export {
  assertGradients,
  type Checked,
  type CheckOptions,
  type CheckPoint,
  checkGradients,
  type GradientCheck,
  type GradientEntry,
} from "./check.ts";
export * from "./differentiate/index.ts";
export {
  allocate,
  type DType,
  dtypes,
  isFloat,
  promote,
  roundTo,
  type TypedArray,
} from "./dtype.ts";
export * from "./errors.ts";
export { type EvaluateOptions, evaluate, type ValueOf } from "./evaluate.ts";
export {
  type Attribute,
  type Attributes,
  Expr,
  Lambda,
  type Operand,
  type Scalar,
  type Type,
} from "./expr.ts";
export { apply } from "./intern.ts";
export { filledFactors, fitting, swapsLast } from "./matrixNotation.ts";
export * from "./notation.ts";
export * from "./op.ts";
export { isScalar, operand, operands } from "./operands.ts";
export * from "./ops/main.ts";
export { listPaths, type Path, type PathEdge, type Paths, paths } from "./paths.ts";
export { type TextOptions, toText } from "./print.ts";
export { type Named, Program, type ProgramParts } from "./program.ts";
export { ruleOf } from "./ruleOf.ts";
export { type Scalarized, type ScalarizeOptions, scalarize } from "./scalarize.ts";
export { type Dim, formatShape, type Shape } from "./shape.ts";
export { sourceOf, withSources } from "./sources.ts";
export { fromNested, type Nested, Tensor, type Value } from "./tensor.ts";
export {
  type BackpropOptions,
  backprop,
  type Contribution,
  type PartialForms,
  type Trace,
  type TraceNode,
} from "./trace.ts";
export { leavesOf, Order, rewrite, substitute, topological, withArgs } from "./traverse.ts";
export { type Effect, type Factor, type HeavyPath, type Why, why } from "./why.ts";
