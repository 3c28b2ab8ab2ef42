import { tanh } from "@chainrule/core";
import {
  adam,
  dense,
  type LayerLike,
  mse,
  recurrent,
  rnnCell,
  sequential,
  sineSequences,
  trainer,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Mean squared errors on waves not seen: of the network with a unit delay, of one without, of repeating the last value. */
export type DynamicSystemResult = {
  readonly recurrent: number;
  readonly feedForward: number;
  readonly lastValue: number;
};

const LENGTH = 40;
const EPOCHS = 60;

/** Waves of unknown phase and period: the next value follows from what was, which a unit delay keeps. */
export const dynamicSystem: Example<DynamicSystemResult> = {
  name: "dynamicSystem",
  title:
    "A recurrent network with a unit delay predicts a dynamic system; one without memory cannot",
  goal: "its error is below a fifth of the feed-forward network's",
  async run({ seed, bar }) {
    const data = sineSequences({ examples: 200, length: LENGTH, seed });
    const others = sineSequences({ examples: 200, length: LENGTH, seed: seed + 1_000_000 });
    const learn = async (hidden: LayerLike) => {
      const t = trainer(sequential(hidden, dense(1)), {
        input: ["batch", LENGTH, 1],
        loss: mse,
        optimizer: adam({ rate: 0.01 }),
        seed,
      });
      await t.train(data, { epochs: EPOCHS, ...bar({ epochs: EPOCHS }) });
      return t.evaluate(others).loss;
    };
    const { data: now } = others.inputs;
    const changes = Array.from(others.targets.data, (next, i) => (next - (now[i] ?? 0)) ** 2);
    return {
      recurrent: await learn(recurrent(rnnCell(16))),
      feedForward: await learn(dense(16, tanh)),
      lastValue: changes.reduce((a, b) => a + b) / changes.length,
    };
  },
  reached: ({ recurrent: own, feedForward }) => own < feedForward / 5,
};

await showIfMain(dynamicSystem, import.meta.url);
