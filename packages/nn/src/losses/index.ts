export { type HuberOptions, huber, mae } from "./absoluteError.ts";
export { averageOf } from "./averageOf.ts";
export { type BinaryOptions, bce, bceWithLogits } from "./binaryCrossEntropy.ts";
export type { ClassOptions } from "./classTargets.ts";
export { cosineLoss } from "./cosineLoss.ts";
export { crossEntropy, crossEntropyFromProbabilities, nll } from "./crossEntropy.ts";
export { type HingeOptions, hinge, multiclassHinge } from "./hinge.ts";
export { type KlOptions, klDivergence } from "./klDivergence.ts";
export {
  defineLoss,
  type Loss,
  type LossOptions,
  type LossParts,
  type LossValues,
  type LossWith,
  type Reduction,
  reduceLoss,
  type ValueType,
  withOptions,
} from "./loss.ts";
export { halfSquaredError, mse } from "./squaredError.ts";
