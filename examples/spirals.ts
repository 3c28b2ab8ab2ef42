import { relu } from "@chainrule/core";
import {
  adam,
  crossEntropy,
  dense,
  heNormal,
  sequential,
  spirals as spiralPoints,
  trainer,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Accuracy on the points learnt, and on others. */
export type SpiralsResult = { readonly training: number; readonly heldOut: number };

const EPOCHS = 200;

const he = { weight: heNormal() };

/** Two arms wound into each other, 1.5 times round: far from any straight line. */
export const spirals: Example<SpiralsResult> = {
  name: "spirals",
  title: "A network with two hidden layers tells two spirals apart",
  goal: "accuracy ≥ 99 % on points it has not seen",
  async run({ seed, bar }) {
    const data = spiralPoints({ points: 400, seed });
    const t = trainer(sequential(dense(64, relu, he), dense(64, relu, he), dense(2)), {
      input: ["batch", 2],
      loss: crossEntropy,
      optimizer: adam({ rate: 0.01 }),
      seed,
    });
    const show = bar({ epochs: EPOCHS, metric: "accuracy" });
    await t.train(data, { epochs: EPOCHS, batch: 40, ...show });
    const others = spiralPoints({ points: 1000, seed: seed + 1_000_000 });
    return { training: t.evaluate(data).accuracy, heldOut: t.evaluate(others).accuracy };
  },
  reached: ({ heldOut }) => heldOut >= 0.99,
};

await showIfMain(spirals, import.meta.url);
