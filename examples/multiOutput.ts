import { tanh } from "@chainrule/core";
import {
  adam,
  cosineDecay,
  type Dataset,
  dataset,
  dense,
  mse,
  random,
  sequential,
  trainer,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Share of each coordinate's variance that the network explains, R², on angles not seen. */
export type MultiOutputResult = { readonly x: number; readonly y: number };

const EPOCHS = 300;
const BATCH = 40;

/** Steps an epoch, with 400 examples. */
const STEPS = 10;

/** Outputs may be vectors: from the two angles of a robot's arm, both coordinates of its hand. */
export const multiOutput: Example<MultiOutputResult> = {
  name: "multiOutput",
  title:
    "Regression with two outputs: where an arm's hand is, from the angles of shoulder and elbow",
  goal: "both outputs explain at least 99 % of the variance on angles not seen",
  async run({ seed, bar }) {
    const t = trainer(sequential(dense(40, tanh), dense(2)), {
      input: ["batch", 2],
      loss: mse,
      optimizer: adam({ rate: cosineDecay(0.02, { steps: EPOCHS * STEPS }) }),
      seed,
    });
    await t.train(arm(400, seed), { epochs: EPOCHS, batch: BATCH, ...bar({ epochs: EPOCHS }) });
    const others = arm(1000, seed + 1_000_000);
    const outputs = t.predict(others.inputs).data;
    return {
      x: explained(column(outputs, 0), column(others.targets.data, 0)),
      y: explained(column(outputs, 1), column(others.targets.data, 1)),
    };
  },
  reached: ({ x, y }) => x >= 0.99 && y >= 0.99,
};

/** Angles in [0, π] and the hand's place; upper arm 1, forearm 0.7. */
function arm(count: number, seed: number): Dataset {
  const generator = random(seed, "arm");
  const angle = () => Math.PI * generator.uniform();
  const angles = Array.from({ length: count }, () => [angle(), angle()] as const);
  const places = angles.map(([shoulder, elbow]) => [
    Math.cos(shoulder) + 0.7 * Math.cos(shoulder + elbow),
    Math.sin(shoulder) + 0.7 * Math.sin(shoulder + elbow),
  ]);
  return dataset(
    angles.map((pair) => [...pair]),
    places,
  );
}

function column(items: ArrayLike<number>, at: 0 | 1): readonly number[] {
  return Array.from({ length: items.length / 2 }, (_, i) => items[2 * i + at] ?? Number.NaN);
}

/** `R² = 1 − Σ (t − y)² / Σ (t − mean)²` */
function explained(outputs: readonly number[], targets: readonly number[]): number {
  const mean = targets.reduce((a, b) => a + b) / targets.length;
  const squares = (from: (i: number) => number): number =>
    targets.reduce((sum, target, i) => sum + (target - from(i)) ** 2, 0);
  return 1 - squares((i) => outputs[i] ?? Number.NaN) / squares(() => mean);
}

await showIfMain(multiOutput, import.meta.url);
