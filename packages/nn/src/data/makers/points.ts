import { Tensor } from "@chainrule/core";
import { type Random, random } from "../../random/index.ts";
import { checkSeed, checkWhole, checkWithin } from "../checks.ts";
import type { Dataset } from "../dataset.ts";

/** Options of makers of labelled points. */
export interface PointsOptions {
  /** How many points. */
  readonly points: number;
  readonly seed: number;
  /** Standard deviation of the normal noise on every coordinate. */
  readonly noise?: number;
}

/** Their names, for `checkOptions`. */
export const pointsOptions: { readonly [K in keyof Required<PointsOptions>]: true } = {
  points: true,
  seed: true,
  noise: true,
};

/**
 * Labelled points: label i mod classes at place `at(label, random)`, in random order.
 *
 * Shapes: inputs [points, 2], targets [points] of type i32. Class sizes differ by at most one.
 */
export function labelledPoints(
  where: string,
  { points, seed, noise = 0 }: PointsOptions,
  classes: number,
  at: (label: number, random: Random) => readonly [number, number],
): Dataset {
  checkWhole(where, "points", points, 1);
  checkSeed(where, seed);
  checkWithin(where, "noise", noise, 0);
  const generator = random(seed, where);
  const inputs = new Float64Array(2 * points);
  const targets = generator.shuffle(Int32Array.from({ length: points }, (_, i) => i % classes));
  targets.forEach((label, i) => {
    const [x, y] = at(label, generator);
    inputs[2 * i] = x + noise * generator.normal();
    inputs[2 * i + 1] = y + noise * generator.normal();
  });
  return { inputs: new Tensor([points, 2], inputs), targets: new Tensor([points], targets) };
}
