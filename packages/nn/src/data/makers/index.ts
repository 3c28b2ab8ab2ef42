export type { PointsOptions } from "./points.ts";
export {
  addingProblem,
  reversedSequences,
  type SequenceOptions,
  sineSequences,
} from "./sequences.ts";
export {
  blobs,
  circles,
  moons,
  ring,
  ringCentres,
  ringCoverage,
  sinePoints,
  spirals,
  xor,
} from "./shapes.ts";
