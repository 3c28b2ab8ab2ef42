export { convolution, convolutionInput, convolutionKernel } from "../ops/convolution.ts";
export {
  type ConvolutionOptions,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  type TransposedConvolutionOptions,
} from "../ops/convolve.ts";
export {
  type AveragePoolOptions,
  averagePool1d,
  averagePool2d,
  maxPool1d,
  maxPool2d,
} from "../ops/pool.ts";
export {
  averagePool,
  averagePoolSpread,
  maxPool,
  maxPoolSelect,
  maxPoolSpread,
} from "../ops/pooling.ts";
export type { PerAxis, WindowOptions } from "../ops/windows.ts";
