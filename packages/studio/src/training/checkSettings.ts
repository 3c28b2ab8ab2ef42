import { ArgumentError, describe } from "@chainrule/core";
import { featureIds } from "./features.ts";
import {
  activationIds,
  dataIds,
  initialiserIds,
  limits,
  optimizerIds,
  penaltyIds,
  problemIds,
  type TrainingSettings,
} from "./trainingSettings.ts";

/** Throws ArgumentError, naming the setting, unless a session can be made of the settings. */
export function checkSettings(settings: TrainingSettings): void {
  const { features, layers } = settings;
  oneOf("problem", settings.problem, problemIds);
  oneOf("data", settings.data, dataIds);
  oneOf("activation", settings.activation, activationIds);
  oneOf("initialiser", settings.initialiser, initialiserIds);
  oneOf("optimizer", settings.optimizer, optimizerIds);
  oneOf("penalty", settings.penalty, penaltyIds);
  for (const id of features) oneOf("features", id, featureIds);
  if (features.length === 0 || new Set(features).size < features.length) {
    refuse("features", "be at least one, each once", features.join(", "));
  }
  if (layers.length > limits.layers) refuse("layers", `be at most ${limits.layers}`, layers.length);
  for (const units of layers) whole("units of a layer", units, limits.units);
  for (const key of ["count", "batch", "seed", "patience", "members"] as const) {
    whole(key, settings[key], limits[key]);
  }
  for (const key of ["noise", "share", "rate", "strength", "dropout"] as const) {
    within(key, settings[key], limits[key]);
  }
  if (settings.problem === "regression" && settings.members > 1) {
    refuse(
      "members",
      "be 1 for regression, where there are no classes to vote for",
      settings.members,
    );
  }
}

function oneOf(name: string, value: unknown, known: readonly unknown[]): void {
  if (!known.includes(value)) refuse(name, `be one of ${known.join(", ")}`, value);
}

function within(name: string, value: number, [least, most]: readonly [number, number]): void {
  if (!(value >= least && value <= most)) refuse(name, `be ${least} … ${most}`, value);
}

function whole(name: string, value: number, range: readonly [number, number]): void {
  if (!Number.isInteger(value)) refuse(name, "be a whole number", value);
  within(name, value, range);
}

function refuse(name: string, must: string, value: unknown): never {
  throw new ArgumentError(`playground: ${name} must ${must}, got ${describe(value)}`);
}
