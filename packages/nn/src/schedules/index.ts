export {
  type CosineOptions,
  cosineDecay,
  type DropsOptions,
  dropsAt,
  exponentialDecay,
  inverseRootDecay,
  type LinearOptions,
  linearDecay,
  type StepDecayOptions,
  stepDecay,
} from "./decay.ts";
export { type Plateau, type PlateauOptions, plateau } from "./plateau.ts";
export { type HostInput, hostInputs, type Schedule } from "./schedule.ts";
export { type WarmupOptions, warmup } from "./warmup.ts";
