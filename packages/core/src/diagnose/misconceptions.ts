import type { Derivation } from "./derivation.ts";
import type { Mistake, MistakeKind, MistakeOptions } from "./mistake.ts";
import { pathMistakes } from "./pathMistakes.ts";
import { ruleMistakes } from "./ruleMistakes.ts";
import { wholeMistakes } from "./wholeMistakes.ts";

/** A mistake of a kind that has a name. */
export interface Misconception extends Mistake {
  /** Such as "path missing". */
  readonly name: string;
}

/** The mistakes that are known: those that say most first. */
export const misconceptions: readonly MistakeKind[] = [
  ...pathMistakes,
  ...ruleMistakes,
  ...wholeMistakes,
];

/**
 * Every known mistake that a derivation gives room for. Of several that explain an answer the first is
 * meant.
 */
export function misconceptionsOf(
  derivation: Derivation,
  options: MistakeOptions,
): readonly Misconception[] {
  return misconceptions.flatMap(({ name, make }) =>
    make(derivation, options).map((mistake) => ({ name, ...mistake })),
  );
}
