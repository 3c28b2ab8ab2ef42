/** The ops of the main entry; further ones have entries of their own, see `entries/`. */

export { logSigmoid, sigmoid, silu, softplus } from "./activation.ts";
export * from "./arithmetic.ts";
export { expandDims, moveAxis, squeeze } from "./axes.ts";
export * from "./cast.ts";

export { clip, max, min } from "./clip.ts";
export * from "./comparison.ts";
export { matmul } from "./contraction.ts";

export { cumulativeSum } from "./cumulative.ts";

export { diagonal, einsum, trace } from "./einsum.ts";
export { erf, erfc, normalCdf } from "./errorFunction.ts";
export * from "./exponential.ts";
export { type ArgReduction, argmax, argmin, reduceMax, reduceMin } from "./extremum.ts";
export { gather, scatterAdd } from "./gathering.ts";
export { type GeluOptions, gelu } from "./gelu.ts";
export * from "./hyperbolic.ts";
export { iota } from "./iota.ts";
export { concat, stack } from "./joining.ts";
export {
  argument,
  constant,
  dimension,
  literalValue,
  namedConstant,
  parameter,
  scalar,
  variable,
} from "./leaf.ts";
export * from "./magnitude.ts";

export { broadcastTo, full, reshape, transpose } from "./movement.ts";
export { norm } from "./norm.ts";
export { oneHot } from "./oneHot.ts";
export { type UnaryWith, unaryWith } from "./options.ts";
export { dot, outer } from "./outer.ts";
export { pad, type Widths } from "./padding.ts";

export { prod, prodExcept } from "./product.ts";
export { all, any } from "./quantifier.ts";

export * from "./rectifier.ts";
export type { ReduceOptions, Reduction } from "./reduce.ts";
export { mean, sum, sumTo } from "./reduction.ts";
export { ceil, floor, mod, round } from "./rounding.ts";
export { mask, where } from "./select.ts";
export { flip, pick, place, slice } from "./slicing.ts";
export { logSoftmax, logSumExp, softmax } from "./softmax.ts";

export { segmentSum, take } from "./taking.ts";

export { acos, asin, atan, atan2, cos, sin, tan } from "./trigonometric.ts";
