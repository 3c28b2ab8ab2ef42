export { type BatchOptions, batches, epochOrder, shuffleExamples } from "./batches.ts";
export type { NumberType } from "./checks.ts";
export { type Batches, type Dataset, type DatasetOptions, dataset } from "./dataset.ts";
export * from "./digits/index.ts";
export {
  concatExamples,
  countExamples,
  dropExamples,
  mapExamples,
  selectExamples,
  takeExamples,
} from "./examples.ts";
export { fromOneHot, toOneHot, withOneHotTargets } from "./labels.ts";
export * from "./makers/index.ts";
export { fitNormalizer, type Normalizer, normalizerOf, type Scaling } from "./normalizer.ts";
export { type SplitOptions, splitExamples } from "./split.ts";
export {
  collect,
  type Example,
  rebatch,
  type StreamOptions,
  streamBatches,
} from "./stream.ts";
export * from "./text/index.ts";
