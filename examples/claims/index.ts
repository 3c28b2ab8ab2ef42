import type { Claim } from "../support/claim.ts";
import { imageClaims } from "./images.ts";
import { neuronClaims } from "./neuron.ts";
import { overTrainingClaims } from "./overTraining.ts";
import { rectifierClaims } from "./rectifier.ts";
import { sequenceClaims } from "./sequences.ts";
import { sigmoidClaims } from "./sigmoid.ts";
import { trainingClaims } from "./training.ts";

/** Every claim of the lecture, in its order; a claim's number is its place, from 1. */
export const claims: readonly Claim[] = [
  ...neuronClaims,
  ...trainingClaims,
  ...sigmoidClaims,
  ...rectifierClaims,
  ...overTrainingClaims,
  ...imageClaims,
  ...sequenceClaims,
];
