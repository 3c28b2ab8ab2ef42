/** All ops: those of the main entry, and those with entries of their own. */

export { cholesky } from "./cholesky.ts";
export * from "./control/index.ts";
export { convolution, convolutionInput, convolutionKernel } from "./convolution.ts";
export {
  type ConvolutionOptions,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  type TransposedConvolutionOptions,
} from "./convolve.ts";
export { determinant, logDet, signDet } from "./determinant.ts";
export * from "./main.ts";
export { eye, lowerTriangle, upperTriangle } from "./matrices.ts";
export {
  type AveragePoolOptions,
  averagePool1d,
  averagePool2d,
  maxPool1d,
  maxPool2d,
} from "./pool.ts";
export {
  averagePool,
  averagePoolSpread,
  maxPool,
  maxPoolSelect,
  maxPoolSpread,
} from "./pooling.ts";
export {
  foldIn,
  type NormalOptions,
  randomBernoulli,
  randomBits,
  randomIntegers,
  randomKey,
  randomNormal,
  randomUniform,
  splitKey,
  type UniformOptions,
} from "./random.ts";
export { inverse, solve } from "./solve.ts";
export { threefry } from "./threefry.ts";
export { type TriangularOptions, triangularSolve } from "./triangularSolve.ts";
export type { PerAxis, WindowOptions } from "./windows.ts";
