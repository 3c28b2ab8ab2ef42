import { StateReader } from "../../../state/StateReader.ts";

/** What the part on generative adversarial networks shows: the game itself follows from the seed. */
export interface GanState {
  readonly seed: number;
  /** Slow enough to look on, or as fast as it goes. */
  readonly pace: "slow" | "fast";
}

/** Seeds are short enough to be typed. */
export const LARGEST_SEED = 9999;

/** The game as it begins. */
export const ganInitial: GanState = { seed: 1, pace: "fast" };

/** Reads this part of a permalink; what is wrong goes to `notes`. */
export function readGan(json: unknown, notes: string[]): GanState {
  const reader = new StateReader(json);
  const state: GanState = {
    seed: reader.whole("seed", ganInitial.seed, 0, LARGEST_SEED),
    pace: reader.choice("pace", ganInitial.pace, ["slow", "fast"]),
  };
  notes.push(...reader.notes);
  return state;
}
