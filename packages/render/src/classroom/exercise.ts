import type { Draws } from "./draws.ts";

/** What exercises are about. */
export const exerciseTopics = ["chain", "graph", "network", "activation"] as const;
/** What an exercise is about. */
export type ExerciseTopic = (typeof exerciseTopics)[number];

/** From one step to many. */
export const exerciseLevels = [1, 2, 3, 4, 5] as const;
/** How many steps an exercise takes, 1 the fewest. */
export type ExerciseLevel = (typeof exerciseLevels)[number];

/** What a generator makes of its draws: a text, values for its variables, and what is asked. */
export interface Problem {
  /** Definitions, one a line; the last is the output. */
  readonly text: string;
  readonly values: Readonly<Record<string, number>>;
  /** Definitions whose values are asked for. */
  readonly forward: readonly string[];
  /** Variables by which the derivatives of the output are asked for. */
  readonly by: readonly string[];
  /** Where given, the weights after one step with this learning rate are asked for too. */
  readonly rate?: number;
  readonly updated?: readonly string[];
}

/** A generator for one level. */
export type Generator = (draws: Draws) => Problem;
export type Levels = Readonly<Record<ExerciseLevel, Generator>>;

/** `3x`, `-x`, `x`: a number before a factor. */
export function times(factor: number, what: string): string {
  if (factor === 1) return what;
  return factor === -1 ? `-${what}` : `${factor}${what}`;
}

/** `+ 3`, `- 3`, or nothing for 0. */
export function plus(term: number): string {
  if (term === 0) return "";
  return term < 0 ? ` - ${-term}` : ` + ${term}`;
}
