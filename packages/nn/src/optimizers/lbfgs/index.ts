export {
  type LbfgsOptions,
  type LbfgsReason,
  type LbfgsResult,
  type LbfgsState,
  lbfgs,
  lbfgsSteps,
  type Objective,
} from "./lbfgs.ts";
export { type GraphObjective, objectiveOf } from "./objectiveOf.ts";
export { type Packing, packing } from "./packing.ts";
