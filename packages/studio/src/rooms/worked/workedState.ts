import { StateReader } from "../../state/StateReader.ts";
import type { ReadState } from "../room.ts";
import { lectureNumbers, type Numbers, rate } from "./network.ts";
import { type PageId, pageIds } from "./pages.ts";
import { type DigitsChoice, digitsChoices } from "./printing.ts";

/** All that the room shows. */
export interface WorkedState {
  /** Inputs, weights, biases and targets before the first step. */
  readonly start: Numbers;
  readonly rate: number;
  /** Steps of training taken from there. */
  readonly steps: number;
  /** Whether both biases are updated too. */
  readonly biases: boolean;
  readonly digits: DigitsChoice;
  readonly page: PageId;
}

/** Far beyond, sigmoids are 0 or 1 in every digit. */
export const LARGEST = 1000;
/** At a larger rate one step leads nowhere. */
export const LARGEST_RATE = 100;
/** A visitor who clicks; each is recomputed from the start when the page is drawn. */
export const MOST_STEPS = 2000;

/** The lecture's network as it begins. */
export const initial: WorkedState = {
  start: lectureNumbers,
  rate,
  steps: 0,
  biases: false,
  digits: "lecture",
  page: "network",
};

/** The state of a permalink. */
export function readWorked(json: unknown): ReadState<WorkedState> {
  const reader = new StateReader(json);
  const state: WorkedState = {
    start: reader.part("start", initial.start, "must be numbers by name", (found) => {
      const own = new StateReader(found);
      const start = Object.fromEntries(
        Object.entries(lectureNumbers).map(([name, value]) => [
          name,
          own.number(name, value, -LARGEST, LARGEST),
        ]),
      );
      reader.notes.push(...own.notes);
      return start;
    }),
    rate: reader.number("rate", initial.rate, 0, LARGEST_RATE),
    steps: reader.whole("steps", initial.steps, 0, MOST_STEPS),
    biases: reader.flag("biases", initial.biases),
    digits: reader.choice("digits", initial.digits, digitsChoices),
    page: reader.choice("page", initial.page, pageIds),
  };
  return { state, notes: reader.notes };
}
