import {
  gradientDescent,
  halfSquaredError,
  perceptron as neuron,
  trainer,
  whenAllWithin,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Epochs until all four corners were right, and the corners right in the end. */
export type PerceptronResult = {
  readonly andEpochs: number;
  readonly andRight: number;
  readonly orEpochs: number;
  readonly orRight: number;
  readonly xorEpochs: number;
  readonly xorRight: number;
};

const EPOCHS = 200;

const inputs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/** Rosenblatt's neuron fires at and above its threshold; his rule Δw = η (target − output) x moves the line it draws. */
export const perceptron: Example<PerceptronResult> = {
  name: "perceptron",
  title: "Rosenblatt's perceptron learns AND and OR by his rule, and never XOR",
  goal: "AND and OR right within 200 epochs, XOR not",
  async run({ seed, bar }) {
    const learn = async (targets: readonly number[]) => {
      const t = trainer(neuron(), {
        input: ["batch", 2],
        loss: halfSquaredError,
        optimizer: gradientDescent({ rate: 0.1 }),
        target: ["batch"],
        seed,
      });
      const options = { epochs: EPOCHS, batch: 1, stop: whenAllWithin(0) };
      await t.train({ inputs, targets }, { ...options, ...bar({ epochs: EPOCHS }) });
      const outputs = t.predict(inputs) as number[];
      const right = outputs.filter((output, i) => output === targets[i]).length;
      return { epochs: t.epoch, right };
    };
    const [and, or, xor] = [
      await learn([0, 0, 0, 1]),
      await learn([0, 1, 1, 1]),
      await learn([0, 1, 1, 0]),
    ];
    return {
      andEpochs: and.epochs,
      andRight: and.right,
      orEpochs: or.epochs,
      orRight: or.right,
      xorEpochs: xor.epochs,
      xorRight: xor.right,
    };
  },
  reached: ({ andRight, orRight, xorRight }) => andRight === 4 && orRight === 4 && xorRight < 4,
};

await showIfMain(perceptron, import.meta.url);
