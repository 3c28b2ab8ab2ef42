export type { PointsOptions } from "./points.ts";
export {
  addingProblem,
  type ReversedSequencesOptions,
  reversedSequences,
  type SequenceOptions,
  type SineSequencesOptions,
  sineSequences,
} from "./sequences.ts";
export {
  type BlobsOptions,
  blobs,
  type CirclesOptions,
  circles,
  moons,
  type RingOptions,
  ring,
  ringCentres,
  ringCoverage,
  type SpiralsOptions,
  sinePoints,
  spirals,
  xor,
} from "./shapes.ts";
