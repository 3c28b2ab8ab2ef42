export { accumulate } from "./accumulate.ts";
export { type AdagradOptions, adagrad } from "./adagrad.ts";
export { type AdamOptions, adam, adamw } from "./adam.ts";
export {
  chain,
  clipByGlobalNorm,
  clipByValue,
  type GradientTransform,
  globalNorm,
} from "./clipping.ts";
export { defineOptimizer, type OptimizerParts, rateAt } from "./defineOptimizer.ts";
export {
  type GradientDescentOptions,
  gradientDescent,
  type MomentumOptions,
  momentum,
  nesterov,
} from "./gradientDescent.ts";
export { frozen, type Group, groups } from "./groups.ts";
export * from "./lbfgs/index.ts";
export { type LionOptions, lion } from "./lion.ts";
export type { Optimizer, Slot, Update, UpdateParts } from "./optimizer.ts";
export { type PenaltyOptions, penalised } from "./penalised.ts";
export { type RmspropOptions, rmsprop } from "./rmsprop.ts";
