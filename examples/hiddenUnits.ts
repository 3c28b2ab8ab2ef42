import { tanh } from "@chainrule/core";
import {
  adam,
  type Dataset,
  dataset,
  dense,
  mse,
  normal,
  random,
  sequential,
  trainer,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Mean squared errors for each number of hidden units: on the noisy points learnt, and on the wave itself. */
export type HiddenUnitsResult = {
  readonly hidden: readonly number[];
  readonly training: readonly number[];
  readonly truth: readonly number[];
  readonly truthStoppedEarly: readonly number[];
};

const EPOCHS = 2500;

/** Sets of points to learn; errors are means over them. */
const DRAWS = 5;

/** Standard deviation. */
const NOISE = 0.6;

/** Steep and shifted enough for waves within [0, 2π]. */
const wide = { weight: normal({ deviation: 2 }), bias: normal({ deviation: 4 }) };

/** Regression on 24 noisy points: too few hidden units cannot follow the wave, too many follow the noise. */
export function hiddenUnitsOf(hidden: readonly number[]): Example<HiddenUnitsResult> {
  return {
    name: "hiddenUnits",
    title: "Regression with 1 to 50 hidden units: too few, too many, and early stopping",
    goal: "1 unit errs 1.5 times as much as the best; 50 learn the noise, and 1.5 times as much as with early stopping",
    async run({ seed, bar }) {
      const options = { epochs: EPOCHS, batch: "all", ...bar({ epochs: EPOCHS }) } as const;
      const result = hidden.map(() => ({ training: 0, truth: 0, early: 0 }));
      const truth = wave(300, 0, seed, "truth");
      for (let draw = 0; draw < DRAWS; draw++) {
        const data = wave(24, NOISE, seed, `training ${draw}`);
        const validation = wave(24, NOISE, seed, `validation ${draw}`);
        for (const [i, units] of hidden.entries()) {
          const make = () =>
            trainer(sequential(dense(units, tanh, wide), dense(1)), {
              input: ["batch", 1],
              loss: mse,
              optimizer: adam({ rate: 0.02 }),
              seed: seed + 1000 * draw,
            });
          const [t, careful] = [make(), make()];
          await t.train(data, options);
          await careful.train(data, { ...options, validation, earlyStopping: { patience: 500 } });
          const sums = result[i] as (typeof result)[number];
          sums.training += t.evaluate(data).loss / DRAWS;
          sums.truth += t.evaluate(truth).loss / DRAWS;
          sums.early += careful.evaluate(truth).loss / DRAWS;
        }
      }
      return {
        hidden,
        training: result.map((one) => one.training),
        truth: result.map((one) => one.truth),
        truthStoppedEarly: result.map(({ early }) => early),
      };
    },
    reached({ training, truth, truthStoppedEarly: early }) {
      const best = Math.min(...early);
      const [few = 0, many = 0] = [truth[0], truth.at(-1)];
      const learnsNoise = (training.at(-1) ?? 1) < NOISE ** 2 / 2;
      return few > 1.5 * best && learnsNoise && many > 1.5 * (early.at(-1) ?? many);
    },
  };
}

/** Two waves, `sin 2x` at one place of every piece of [0, 2π], with normal noise. */
function wave(points: number, noise: number, seed: number, part: string): Dataset {
  const generator = random(seed, part);
  const inputs = Array.from({ length: points }, (_, i) => [
    (2 * Math.PI * (i + generator.uniform())) / points,
  ]);
  const targets = inputs.map(([x = 0]) => [Math.sin(2 * x) + noise * generator.normal()]);
  return dataset(inputs, targets);
}

/** Every number of units to 10, then ever fewer of them, for time. */
export const hiddenUnits: Example<HiddenUnitsResult> = hiddenUnitsOf([
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50,
]);

await showIfMain(hiddenUnits, import.meta.url);
