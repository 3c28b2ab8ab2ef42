export {
  type AccuracyOptions,
  accuracy,
  binaryAccuracy,
  type ThresholdOptions,
  type TopKOptions,
  topKAccuracy,
} from "./accuracy.ts";
export { type ConfusionOptions, confusion, f1, precision, recall } from "./confusion.ts";
export { type Average, ConfusionMatrix } from "./confusionMatrix.ts";
export type { Metric } from "./metric.ts";
export { type RSquaredOptions, rSquared } from "./rSquared.ts";
