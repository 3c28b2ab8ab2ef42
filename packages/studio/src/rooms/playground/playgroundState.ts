import { isWithin, StateReader } from "../../state/StateReader.ts";
import { featureIds } from "../../training/features.ts";
import {
  activationIds,
  beginning,
  dataIds,
  initialiserIds,
  limits,
  type OwnPoint,
  optimizerIds,
  penaltyIds,
  problemIds,
  REACH,
  type TrainingSettings,
} from "../../training/trainingSettings.ts";
import type { ReadState } from "../room.ts";

import type { Scale } from "./readPoints.ts";

/** Epochs a second: as many as there is time for, or slowly enough to look on. */
export const paceIds = ["full", "30", "5", "1"] as const;
/** One of the paces. */
export type PaceId = (typeof paceIds)[number];

/** All that the room shows. */
export interface PlaygroundState extends TrainingSettings {
  readonly pace: PaceId;
  /** Whether the points held out are drawn too. */
  readonly held: boolean;
  /** Whether only the side of the boundary is shown, not how sure the network is. */
  readonly sharp: boolean;
  /** What the classes of one's own points are called, and the two axes; as a table's columns say. */
  readonly labels: readonly string[];
  readonly axes: readonly string[];
  /** How the numbers of a table were brought to the square. */
  readonly scales: readonly Scale[];
  /** Weights of each member where training was paused, and the epochs made; none: as it begins. */
  readonly weights: readonly (readonly number[])[];
  readonly epoch: number;
}

/** The room as it begins. */
export const initial: PlaygroundState = {
  ...beginning,
  pace: "full",
  held: false,
  sharp: false,
  labels: [],
  axes: [],
  scales: [],
  weights: [],
  epoch: 0,
};

/** Letters of a name that are kept. */
const LONGEST_NAME = 40;

/** The state of a permalink. */
export function readPlayground(json: unknown): ReadState<PlaygroundState> {
  const reader = new StateReader(json);
  const whole = (key: "count" | "batch" | "seed" | "patience" | "members"): number =>
    reader.whole(key, initial[key], limits[key][0], limits[key][1]);
  const number = (key: "noise" | "share" | "rate" | "strength" | "dropout"): number =>
    reader.number(key, initial[key], limits[key][0], limits[key][1]);
  const names = (key: "labels" | "axes", most: number): readonly string[] =>
    reader.part(key, initial[key], `must be at most ${most} names`, (found) =>
      isList(found, most, isName) ? found : undefined,
    );
  const state: PlaygroundState = {
    problem: reader.choice("problem", initial.problem, problemIds),
    data: reader.choice("data", initial.data, dataIds),
    points: reader.part("points", [], "must be points [x, y, value] in the square", (found) =>
      isList(found, limits.points, isPoint) ? found : undefined,
    ),
    count: whole("count"),
    noise: number("noise"),
    share: number("share"),
    features: reader.part("features", initial.features, "must be some features", (found) => {
      const known = featureIds.filter((id) => Array.isArray(found) && found.includes(id));
      return known.length > 0 ? known : undefined;
    }),
    layers: reader.part("layers", initial.layers, "must be units of at most 6 layers", (found) =>
      isList(found, limits.layers, isUnits) ? found : undefined,
    ),
    activation: reader.choice("activation", initial.activation, activationIds),
    initialiser: reader.choice("initialiser", initial.initialiser, initialiserIds),
    optimizer: reader.choice("optimizer", initial.optimizer, optimizerIds),
    rate: number("rate"),
    penalty: reader.choice("penalty", initial.penalty, penaltyIds),
    strength: number("strength"),
    dropout: number("dropout"),
    batch: whole("batch"),
    seed: whole("seed"),
    patience: whole("patience"),
    members: whole("members"),
    pace: reader.choice("pace", initial.pace, paceIds),
    held: reader.flag("held", initial.held),
    sharp: reader.flag("sharp", initial.sharp),
    labels: names("labels", limits.classes),
    axes: names("axes", 2),
    scales: reader.part("scales", [], "must be centres and sizes", (found) =>
      isList(found, 3, isScale) ? found : undefined,
    ),
    weights: reader.part("weights", [], "must be finite numbers for each network", (found) =>
      isList(found, limits.members[1], isWeights) ? found : undefined,
    ),
    epoch: reader.whole("epoch", 0, 0, Number.MAX_SAFE_INTEGER),
  };
  return { state, notes: reader.notes };
}

/** Only what decides the training, of a state. */
export function settingsOf(state: PlaygroundState): TrainingSettings {
  const { pace, held, sharp, labels, axes, scales, weights, epoch, ...settings } = state;
  return settings;
}

function isList<T>(
  found: unknown,
  most: number,
  fits: (item: unknown) => item is T,
): found is readonly T[] {
  return Array.isArray(found) && found.length <= most && found.every(fits);
}

function isPoint(item: unknown): item is OwnPoint {
  const inside = (one: unknown): boolean => isWithin(one, -REACH, REACH);
  return Array.isArray(item) && item.length === 3 && item.every(inside);
}

function isUnits(item: unknown): item is number {
  return isWithin(item, limits.units[0], limits.units[1]) && Number.isInteger(item);
}

function isWeights(item: unknown): item is readonly number[] {
  // The largest network has 7 · 12 + 5 · 12² + 12 · 4 weights and 76 biases.
  return isList(item, 928, (one): one is number => isWithin(one, -1e9, 1e9));
}

function isScale(item: unknown): item is Scale {
  const { centre, size } = (item ?? {}) as Partial<Scale>;
  return isWithin(centre, -1e12, 1e12) && isWithin(size, 1e-12, 1e12);
}

function isName(item: unknown): item is string {
  return typeof item === "string" && item.length <= LONGEST_NAME;
}
