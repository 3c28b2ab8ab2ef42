import { StateReader } from "../../../state/StateReader.ts";
import type { Recurrent } from "./unrolled.ts";

/** What the part on recurrence shows. */
export interface RecurrentState extends Recurrent {
  /** How many steps are unrolled; the inputs beyond wait. */
  readonly steps: number;
}

/** As many steps as are seen at once. */
export const MOST_STEPS = 12;
/** Weights beyond only saturate. */
export const LARGEST_WEIGHT = 4;
/** Inputs beyond only saturate. */
export const LARGEST_INPUT = 3;

/** One impulse at the first step, and then nothing. */
export const recurrentInitial: RecurrentState = {
  w: 1,
  u: 0.9,
  b: 0,
  inputs: Array.from({ length: MOST_STEPS }, (_, t) => (t === 0 ? 1 : 0)),
  steps: 5,
};

/** Reads this part of a permalink; what is wrong goes to `notes`. */
export function readRecurrent(json: unknown, notes: string[]): RecurrentState {
  const reader = new StateReader(json);
  const initial = recurrentInitial;
  const weight = (key: "w" | "u" | "b"): number =>
    reader.number(key, initial[key], -LARGEST_WEIGHT, LARGEST_WEIGHT);
  const state: RecurrentState = {
    w: weight("w"),
    u: weight("u"),
    b: weight("b"),
    inputs: reader.numbers("inputs", initial.inputs, -LARGEST_INPUT, LARGEST_INPUT),
    steps: reader.whole("steps", initial.steps, 1, MOST_STEPS),
  };
  notes.push(...reader.notes);
  return state;
}
