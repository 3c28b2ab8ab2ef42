import { type ChainRuleState, initial } from "./chainRuleState.ts";

/** Something to do first. */
export interface FirstStep {
  readonly deed: string;
  /** What one sees then. */
  readonly seen: string;
  /** What it is done with, as a selector of the page. */
  readonly place: string;
  isDone(state: ChainRuleState): boolean;
}

/** On L = c(a + 2b), which the page opens with. */
export const firstSteps: readonly FirstStep[] = [
  {
    deed: "Play the walk:",
    seen: "values forward, derivatives back.",
    place: ".stepper .primary",
    isDone: ({ step }) => step !== undefined,
  },
  {
    deed: "Drag a:",
    seen: "every number follows.",
    place: '.variable[aria-label="a"] input[type="range"]',
    isDone: ({ values }) => values["a"] !== initial.values["a"],
  },
  {
    deed: "Choose ∂L/∂a:",
    seen: "see its path and its factors.",
    place: '.variable[aria-label="a"] button',
    isDone: ({ wrt }) => wrt === "a",
  },
];

/** Who has gone on to another expression needs no first steps. */
export function isElsewhere({ text }: ChainRuleState): boolean {
  return text !== initial.text;
}
