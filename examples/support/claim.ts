import type { Result } from "./example.ts";

/** What a measurement says of a claim: "true", "false", or "when …" with the condition under which it holds. */
export type Verdict = "true" | "false" | `when ${string}`;

/** A sentence of the lecture, put to the test. */
export interface Claim<R extends Result = Result> {
  readonly name: string;
  /** Section of the lecture. */
  readonly section: number;
  /** What the lecture says. */
  readonly claim: string;
  /** How it is put to the test. */
  readonly experiment: string;
  /** The numbers; all randomness follows from the seed. */
  measure(seed: number): R | Promise<R>;
  /** What they say: other numbers could say otherwise. */
  verdict(result: R): Verdict;
}

/** "true" or "false" */
export function truth(holds: boolean): Verdict {
  return holds ? "true" : "false";
}

/** A claim in its own type, which its measurement and verdict share. */
export function claim<R extends Result>(one: Claim<R>): Claim<R> {
  return one;
}

/** Numbers `0 … count − 1` through a function. */
export function each<T>(count: number, of: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => of(i));
}

/** Mean of some numbers. */
export function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
