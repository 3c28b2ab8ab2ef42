import { compile } from "@chainrule/compile";
import { relu, tanh } from "@chainrule/core";
import {
  adam,
  attribute,
  bceWithLogits,
  blobs,
  conv2d,
  crossEntropy,
  type Dataset,
  dataset,
  dense,
  flatten,
  gradientDescent,
  type LayerLike,
  moons,
  mse,
  normal,
  random,
  rSquared,
  sequential,
  splitExamples,
  trainer,
} from "@chainrule/nn";
import { average, type Claim, claim, each, truth } from "../support/claim.ts";

const EPOCHS = 1500;
const NOISE = 0.5;

/** `sin 2x` on [0, 2π] with normal noise. */
function wave(points: number, noise: number, seed: number, part: string): Dataset {
  const generator = random(seed, part);
  const inputs = each(points, (i) => [(2 * Math.PI * (i + generator.uniform())) / points]);
  return dataset(
    inputs,
    inputs.map(([x = 0]) => [Math.sin(2 * x) + noise * generator.normal()]),
  );
}

/** Errors of a network on the noisy points it learnt and on the wave itself, with and without early stopping. */
async function regression(units: number, seed: number) {
  const wide = { weight: normal({ deviation: 2 }), bias: normal({ deviation: 4 }) };
  const data = wave(24, NOISE, seed, "training");
  const validation = wave(24, NOISE, seed, "validation");
  const truthful = wave(200, 0, seed, "truth");
  const learn = async (early: boolean) => {
    const t = trainer(sequential(dense(units, tanh, wide), dense(1)), {
      input: ["batch", 1],
      loss: mse,
      optimizer: adam({ rate: 0.02 }),
      seed,
    });
    const stopping = early ? { earlyStopping: { patience: 300 } } : {};
    const history = await t.train(data, { epochs: EPOCHS, batch: "all", validation, ...stopping });
    const errors = history.map((epoch) => epoch.validation?.loss ?? 0);
    return { training: t.evaluate(data).loss, truth: t.evaluate(truthful).loss, errors };
  };
  return { whole: await learn(false), early: await learn(true) };
}

const rises = claim({
  name: "validation error rises again",
  section: 10,
  claim:
    "Over-training: while the training error falls, the error on a validation set rises again; stop there.",
  experiment: `Fifty hidden units on 24 noisy points, ${EPOCHS} epochs: the least validation error and the last; the error on the wave itself, trained to the end and stopped early.`,
  async measure(seed) {
    const { whole, early } = await regression(50, seed);
    return {
      least: Math.min(...whole.errors),
      last: whole.errors.at(-1) as number,
      toTheEnd: whole.truth,
      stoppedEarly: early.truth,
    };
  },
  verdict: ({ least, last, toTheEnd, stoppedEarly }) =>
    truth(last > 1.1 * least && stoppedEarly < toTheEnd),
});

const hiddenUnits = claim({
  name: "too few and too many hidden units",
  section: 10,
  claim: "Too few hidden units cannot learn the task, too many learn the noise.",
  experiment:
    "One, five and fifty hidden units on 24 noisy points, mean of two draws: errors on the wave itself; with fifty also stopped early.",
  async measure(seed) {
    const of = async (units: number) => [
      await regression(units, seed),
      await regression(units, seed + 1),
    ];
    const [one, five, fifty] = [await of(1), await of(5), await of(50)];
    return {
      one: average(one.map(({ whole }) => whole.truth)),
      five: average(five.map(({ whole }) => whole.truth)),
      fifty: average(fifty.map(({ whole }) => whole.truth)),
      fiftyStoppedEarly: average(fifty.map(({ early }) => early.truth)),
    };
  },
  verdict({ one, five, fifty, fiftyStoppedEarly }) {
    if (one < 1.5 * five) return "false";
    if (fifty < 1.2 * five) return "when they are too few";
    return fiftyStoppedEarly < 1.2 * five
      ? "when training does not stop early: then too many do little harm"
      : "true";
  },
});

const noisyLabels = claim({
  name: "noise is no problem",
  section: 10,
  claim: "Noise in the training data is no problem.",
  experiment:
    "600 points of two moons with 0, 20, 40 and 50 % of their labels drawn anew or turned round: accuracy on clean points.",
  async measure(seed) {
    const shares = [0, 0.2, 0.4, 0.5];
    const clean = moons({ points: 500, noise: 0.1, seed: seed + 1_000_000 });
    const accuracy = async (share: number) => {
      const { inputs, targets } = moons({ points: 600, noise: 0.1, seed });
      const generator = random(seed, "labels", String(share));
      const labels = Array.from(targets.data, (label) => [
        generator.uniform() < share ? 1 - label : label,
      ]);
      const t = trainer(sequential(dense(16, tanh), dense(1)), {
        input: ["batch", 2],
        loss: bceWithLogits,
        optimizer: adam({ rate: 0.02 }),
        seed,
      });
      await t.train({ inputs, targets: labels }, { epochs: 40 });
      return t.evaluate({
        inputs: clean.inputs,
        targets: Array.from(clean.targets.data, (y) => [y]),
      }).accuracy;
    };
    const accuracies = [];
    for (const share of shares) accuracies.push(await accuracy(share));
    return { shares, accuracies };
  },
  verdict({ accuracies: [none = 0, fifth = 0, much = 0, half = 0] }) {
    if (none < 0.9 || fifth < none - 0.05) return "false";
    return half < none - 0.05
      ? `when it is moderate: ${much < none - 0.05 ? "a fifth" : "two fifths"} of the labels turned round cost little, half of them everything`
      : "true";
  },
});

const kinds = claim({
  name: "kinds of outputs",
  section: 10,
  claim: "Outputs may be discrete, real or vectors.",
  experiment:
    "One hidden layer for each: accuracy in four classes, R² of a number, R² of a pair of numbers, on examples not seen.",
  async measure(seed) {
    const learn = async (outputs: number, data: Dataset, others: Dataset, discrete: boolean) => {
      const own = {
        input: ["batch", data.inputs.shape[1] as number],
        optimizer: adam({ rate: 0.02 }),
        seed,
      };
      const model = sequential(dense(24, tanh), dense(outputs));
      if (discrete) {
        const t = trainer(model, { ...own, loss: crossEntropy });
        await t.train(data, { epochs: 60 });
        return t.evaluate(others).accuracy;
      }
      const t = trainer(model, { ...own, loss: mse, metrics: { r2: rSquared() } });
      await t.train(data, { epochs: 150 });
      return t.evaluate(others).r2;
    };
    const angles = (part: string, of: (a: number, b: number) => number[]) => {
      const generator = random(seed, part);
      const inputs = each(300, () => [3 * generator.uniform(), 3 * generator.uniform()]);
      return dataset(
        inputs,
        inputs.map(([a = 0, b = 0]) => of(a, b)),
      );
    };
    const number = (part: string) => angles(part, (a, b) => [Math.sin(a) * b]);
    const pair = (part: string) =>
      angles(part, (a, b) => [Math.cos(a) + Math.cos(a + b), Math.sin(a) + Math.sin(a + b)]);
    const [seen, unseen] = splitExamples(blobs({ points: 600, centres: 4, seed }), {
      share: 0.5,
      seed,
    });
    return {
      discrete: await learn(4, seen, unseen, true),
      real: await learn(1, number("a"), number("b"), false),
      vector: await learn(2, pair("a"), pair("b"), false),
    };
  },
  verdict: ({ discrete, real, vector }) => truth(Math.min(discrete, real, vector) > 0.95),
});

const blackBox = claim({
  name: "a black box",
  section: 10,
  claim: "A network is a black box: it does not tell why.",
  experiment:
    "A network learns x₀ x₁ from five inputs. Integrated gradients: what they lack in adding up to the output, and the share of the two inputs that matter.",
  async measure(seed) {
    const generator = random(seed, "inputs");
    const inputs = each(500, () => each(5, () => 2 * generator.uniform() - 1));
    const t = trainer(sequential(dense(24, tanh), dense(1)), {
      input: ["batch", 5],
      loss: mse,
      optimizer: adam({ rate: 0.01 }),
      seed,
    });
    await t.train(
      dataset(
        inputs,
        inputs.map(([a = 0, b = 0]) => [a * b]),
      ),
      { epochs: 150 },
    );
    const { values, gap = 1 } = attribute(t, inputs.slice(0, 100));
    const sums = each(5, (i) =>
      each(100, (row) => Math.abs(values.data[5 * row + i] as number)).reduce((a, b) => a + b),
    );
    return {
      gap,
      share: ((sums[0] as number) + (sums[1] as number)) / sums.reduce((a, b) => a + b),
    };
  },
  verdict: ({ gap, share }) => truth(gap > 0.01 || share < 0.8),
});

/** Operations of a step of training for one example. */
function operations(
  layers: readonly LayerLike[],
  input: readonly number[],
  outputs: number,
): number {
  const t = trainer(sequential(...layers, dense(outputs)), {
    input: [1, ...input],
    loss: mse,
    optimizer: gradientDescent({ rate: 0.1 }),
    target: [1, outputs],
    seed: 1,
  });
  const { steps } = compile(t.program, { as: "tensors" }).explain();
  return steps.reduce((sum, step) => sum + (step.operations ?? 0), 0);
}

const hardware = claim({
  name: "hardware dependence",
  section: 10,
  claim: "Networks depend on hardware: they need processors that work in parallel.",
  experiment:
    "Operations of a training step for one example: XOR with two hidden units, and a small convolutional network on images of 16².",
  measure() {
    const convolutions = [
      conv2d(8, 5, { activation: relu, padding: "same" }),
      conv2d(16, 3, { activation: relu, padding: "same" }),
      flatten(),
    ];
    return {
      xor: operations([dense(2, tanh)], [2], 1),
      images: operations(convolutions, [1, 16, 16], 10),
    };
  },
  verdict({ xor, images }) {
    if (images < 1000 * xor) return "false";
    return "when they are large: one core does a billion operations a second, XOR takes some hundred a step, a small image millions";
  },
});

export const overTrainingClaims: readonly Claim[] = [
  rises,
  hiddenUnits,
  noisyLabels,
  kinds,
  blackBox,
  hardware,
];
