import { StateReader } from "../../state/StateReader.ts";
import type { ReadState } from "../room.ts";

/** The lecture's activations, and a picture of all. */
export const shownIds = ["sigmoid", "tanh", "relu", "leakyRelu", "softmax", "all"] as const;
/** What may be shown. */
export type ShownId = (typeof shownIds)[number];

/** All that the room shows. */
export interface ActivationsState {
  readonly shown: ShownId;
  /** Where the tangent touches. */
  readonly x: number;
  /** Slope of Leaky ReLU left of 0. */
  readonly alpha: number;
  /** How many layers a gradient passes. */
  readonly layers: number;
  /** What softmax is given. */
  readonly scores: readonly number[];
}

/** The part of the axis that is drawn: beyond, sigmoids are flat. */
export const REACH = 6;
/** Steeper than 1, nobody calls it leaky. */
export const STEEPEST = 1;
/** Where gradients have vanished or not. */
export const MOST_LAYERS = 12;
/** Scores as far apart as twice this leave nothing to the smaller one. */
export const LARGEST_SCORE = 10;

/** The room as it begins. */
export const initial: ActivationsState = {
  shown: "sigmoid",
  x: 1,
  alpha: 0.01,
  layers: 6,
  scores: [1, 2, 3],
};

/** The state of a permalink. */
export function readActivations(json: unknown): ReadState<ActivationsState> {
  const reader = new StateReader(json);
  const state: ActivationsState = {
    shown: reader.choice("shown", initial.shown, shownIds),
    x: reader.number("x", initial.x, -REACH, REACH),
    alpha: reader.number("alpha", initial.alpha, 0, STEEPEST),
    layers: reader.whole("layers", initial.layers, 1, MOST_LAYERS),
    scores: reader.numbers("scores", initial.scores, -LARGEST_SCORE, LARGEST_SCORE),
  };
  return { state, notes: reader.notes };
}
