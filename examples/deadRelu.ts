import { leakyRelu, relu } from "@chainrule/core";
import {
  adam,
  dense,
  diagnose,
  type LayerLike,
  mse,
  sequential,
  sinePoints,
  trainer,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Dead units of 16 before and after training, and the loss after it. */
export type DeadReluResult = {
  readonly deadBefore: number;
  readonly deadAfter: number;
  readonly reluLoss: number;
  readonly leakyLoss: number;
  readonly advice: string;
};

const UNITS = 16;
const EPOCHS = 1000;

/** Below −2π √(6/17) = −3.7, the least sum that the first weights can make of x in [0, 2π]: no unit is active. */
const LOW_BIAS = -5;

/** A ReLU that is 0 for every example has no gradient and never comes back; a slope below 0 brings it back. */
export const deadRelu: Example<DeadReluResult> = {
  name: "deadRelu",
  title: "Dead ReLUs stay dead; leaky ReLUs with the same weights learn",
  goal: `all ${UNITS} ReLUs stay dead; with Leaky ReLU the loss is less than half`,
  async run({ seed, bar }) {
    const data = sinePoints({ points: 100, seed, noise: 0 });
    const options = { epochs: EPOCHS, batch: 20, ...bar({ epochs: EPOCHS }) };
    const make = (activation: LayerLike) =>
      trainer(sequential(dense(UNITS, activation, { bias: LOW_BIAS }), dense(1)), {
        input: ["batch", 1],
        loss: mse,
        optimizer: adam({ rate: 0.05 }),
        seed,
      });
    const [rectified, leaky] = [make(relu), make((x) => leakyRelu(x, { alpha: 0.1 }))];
    const dead = () => {
      const { layers, sentences } = diagnose(rectified, data);
      const units = layers.reduce((sum, layer) => sum + (layer.dead?.units ?? 0), 0);
      return { units, advice: sentences[0] ?? "" };
    };
    const before = dead();
    await rectified.train(data, options);
    await leaky.train(data, options);
    return {
      deadBefore: before.units,
      deadAfter: dead().units,
      reluLoss: rectified.evaluate(data).loss,
      leakyLoss: leaky.evaluate(data).loss,
      advice: before.advice,
    };
  },
  reached: ({ deadBefore, deadAfter, reluLoss, leakyLoss }) =>
    deadBefore === UNITS && deadAfter === UNITS && leakyLoss < reluLoss / 2,
};

await showIfMain(deadRelu, import.meta.url);
