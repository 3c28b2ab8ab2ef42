export {
  type AttentionInput,
  type AttentionOptions,
  attend,
  causalMask,
  multiHeadAttention,
  selfAttention,
} from "./attention.ts";
export {
  type CellOptions,
  gruCell,
  lstmCell,
  type RnnOptions,
  rnnCell,
} from "./cells.ts";
export {
  type ConvLayerOptions,
  type ConvTransposeOptions,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
} from "./convolution.ts";
export { type DenseOptions, dense } from "./dense.ts";
export { dropout } from "./dropout.ts";
export { embedding } from "./embedding.ts";
export { type NeuronOptions, neuron, neurons, perceptron, threshold } from "./neuron.ts";
export {
  type BatchNormOptions,
  batchNorm,
  groupNorm,
  layerNorm,
  type NormOptions,
} from "./normalisation.ts";
export {
  averagePool1d,
  averagePool2d,
  flatten,
  globalAveragePool,
  maxPool1d,
  maxPool2d,
  upsample1d,
  upsample2d,
} from "./pooling.ts";
export { learntPositions, positionalEncoding } from "./positions.ts";
export {
  type BidirectionalOptions,
  bidirectional,
  type Cell,
  type RecurrentInput,
  type RecurrentOptions,
  type RecurrentOutput,
  type RunningCell,
  recurrent,
} from "./recurrent.ts";
export {
  type DecoderInput,
  decoder,
  type EncoderInput,
  encoder,
  type TransformerOptions,
  transformerBlock,
} from "./transformer.ts";
export { nnOps, unitAdvance, unitDelay } from "./unitDelay.ts";
