import { softmax as distribution, type Tensor } from "@chainrule/core";
import { adam, blobs, crossEntropyFromProbabilities, dense, trainer } from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Accuracy on new points; the least and the largest sum of an output; the surest and the least sure of its decisions. */
export type SoftmaxResult = {
  readonly heldOut: number;
  readonly sums: readonly number[];
  readonly confidence: readonly number[];
};

const EPOCHS = 60;
const CLASSES = 4;

/** Softmax regression: one layer whose outputs are the probabilities of four classes. */
export const softmax: Example<SoftmaxResult> = {
  name: "softmax",
  title: "Softmax regression gives a distribution over four classes",
  goal: "accuracy ≥ 97 % on points it has not seen, and every output sums to 1",
  async run({ seed, bar }) {
    const cloud = (points: number, own: number) =>
      blobs({ points, centres: CLASSES, noise: 0.5, seed: own });
    const t = trainer(dense(CLASSES, distribution), {
      input: ["batch", 2],
      loss: crossEntropyFromProbabilities,
      optimizer: adam({ rate: 0.05 }),
      seed,
    });
    const show = bar({ epochs: EPOCHS, metric: "accuracy" });
    await t.train(cloud(400, seed), { epochs: EPOCHS, ...show });
    const others = cloud(1000, seed + 1_000_000);
    const { data, shape } = t.predict(others.inputs as Tensor);
    const rows = Array.from({ length: shape[0] ?? 0 }, (_, i) =>
      Array.from(data.slice(i * CLASSES, (i + 1) * CLASSES)),
    );
    const sums = rows.map((row) => row.reduce((a, b) => a + b));
    const sure = rows.map((row) => Math.max(...row));
    return {
      heldOut: t.evaluate(others).accuracy,
      sums: [Math.min(...sums), Math.max(...sums)],
      confidence: [Math.max(...sure), Math.min(...sure)],
    };
  },
  reached: ({ heldOut, sums }) => heldOut >= 0.97 && sums.every((sum) => Math.abs(sum - 1) < 1e-12),
};

await showIfMain(softmax, import.meta.url);
