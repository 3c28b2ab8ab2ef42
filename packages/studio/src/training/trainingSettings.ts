import type { FeatureId } from "./features.ts";

/** What a network is to learn: the class of a point, or a number. */
export const problemIds = ["classification", "regression"] as const;
/** One of the problems. */
export type ProblemId = (typeof problemIds)[number];

/** Where points come from; each belongs to a problem, but for one's own. */
export const dataIds = [
  "circles",
  "xor",
  "blobs",
  "moons",
  "spirals",
  "plane",
  "hills",
  "waves",
  "own",
] as const;
/** One of the data sets. */
export type DataId = (typeof dataIds)[number];

/** What the hidden units make of their sums. */
export const activationIds = ["tanh", "sigmoid", "relu", "leakyRelu", "gelu", "identity"] as const;
/** One of the activations. */
export type ActivationId = (typeof activationIds)[number];

/** How the first weights are drawn. */
export const initialiserIds = ["glorot", "he", "lecun", "small", "zero"] as const;
/** One of the initialisers. */
export type InitialiserId = (typeof initialiserIds)[number];

/** How weights move. */
export const optimizerIds = [
  "gradientDescent",
  "momentum",
  "nesterov",
  "adagrad",
  "rmsprop",
  "adam",
] as const;
/** One of the optimizers. */
export type OptimizerId = (typeof optimizerIds)[number];

/** What large weights cost. */
export const penaltyIds = ["none", "l1", "l2", "decay"] as const;
/** One of the penalties. */
export type PenaltyId = (typeof penaltyIds)[number];

/** A point of the plane, and its class or number. */
export type OwnPoint = readonly [x: number, y: number, value: number];

/** All that decides what a session does: the same settings, the same bits. */
export interface TrainingSettings {
  readonly problem: ProblemId;
  readonly data: DataId;
  /** The points of `own`. */
  readonly points: readonly OwnPoint[];
  readonly count: number;
  readonly noise: number;
  /** Share of the points that is trained on. */
  readonly share: number;
  readonly features: readonly FeatureId[];
  /** Units of each hidden layer. */
  readonly layers: readonly number[];
  readonly activation: ActivationId;
  readonly initialiser: InitialiserId;
  readonly optimizer: OptimizerId;
  readonly rate: number;
  readonly penalty: PenaltyId;
  readonly strength: number;
  readonly dropout: number;
  readonly batch: number;
  readonly seed: number;
  /** Epochs without a better validation loss that are borne; 0: for ever. */
  readonly patience: number;
  /** Networks of the committee. */
  readonly members: number;
}

/** What numbers may be; more would neither be seen nor be fast. */
export const limits = {
  points: 1000,
  count: [20, 1000],
  noise: [0, 1],
  share: [0.1, 0.9],
  layers: 6,
  units: [1, 12],
  rate: [0.00001, 10],
  strength: [0, 1],
  dropout: [0, 0.8],
  batch: [1, 100],
  seed: [0, 999_999],
  patience: [0, 1000],
  members: [1, 7],
  classes: 4,
} as const;

/** Points lie in the square from −REACH to REACH: about three deviations of what nets like to be given. */
export const REACH = 3;

/** The playground as it begins. */
export const beginning: TrainingSettings = {
  problem: "classification",
  data: "circles",
  points: [],
  count: 300,
  noise: 0.1,
  share: 0.5,
  features: ["x", "y"],
  layers: [4, 3],
  activation: "tanh",
  initialiser: "glorot",
  optimizer: "gradientDescent",
  rate: 0.03,
  penalty: "none",
  strength: 0.001,
  dropout: 0,
  batch: 10,
  seed: 1,
  patience: 0,
  members: 1,
};
