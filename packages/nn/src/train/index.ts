export type { Batch } from "./batch.ts";
export type { BestSoFar } from "./checkpoint.ts";
export { type Committee, committee, type Member } from "./committee.ts";
export {
  type Examples,
  inputTable,
  type Table,
  type TableInputs,
  type Values,
} from "./examples.ts";
export type {
  BatchSource,
  Data,
  EarlyStopping,
  Epoch,
  FitOptions,
  Progress,
  ValidatedEpoch,
} from "./fitOptions.ts";
export { fixedRunner } from "./fixedRunner.ts";
export { minimize } from "./minimize.ts";
export { NonFiniteError } from "./nonFinite.ts";
export type { InputSpec, Player, TrainerOptions } from "./options.ts";
export type { Measured } from "./predictor.ts";
export { type RestartOptions, restarts, type Trial } from "./restarts.ts";
export type { Engine } from "./runner.ts";
export type { StepResult } from "./stepResult.ts";
export type { Held, Host, Trained } from "./stepUpdates.ts";
export {
  type StopRule,
  type StopView,
  whenAllWithin,
  whenFlat,
  whenLossBelow,
} from "./stopping.ts";
export type { EngineEpoch, TrainEngine, TrainJob } from "./trainEngine.ts";
export { Trainer, trainer } from "./trainer.ts";
export type { TrainingStep } from "./trainingStep.ts";
