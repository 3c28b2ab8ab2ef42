import { compile } from "@chainrule/compile";
import { relu, type Tensor } from "@chainrule/core";
import {
  adam,
  conv2d,
  crossEntropy,
  dense,
  digits,
  flatten,
  type LayerLike,
  maxPool2d,
  sequential,
  tap,
  trainer,
} from "@chainrule/nn";
import { type Claim, claim, each, truth } from "../support/claim.ts";

const SIZE = 16;
const CLASSES = 10;

const pooled: readonly LayerLike[] = [
  conv2d(8, 5, { activation: relu, padding: "same" }),
  maxPool2d(2),
  tap("first"),
  conv2d(16, 3, { activation: relu, padding: "same" }),
  maxPool2d(2),
  tap("second"),
];

/** The same without pooling: every image keeps its size. */
const whole: readonly LayerLike[] = [pooled[0] as LayerLike, pooled[3] as LayerLike];

/** The same convolutions; strides make images as small as pooling does. */
const strided: readonly LayerLike[] = [
  conv2d(8, 5, { activation: relu, padding: 2, stride: 2 }),
  conv2d(16, 3, { activation: relu, padding: 1, stride: 2 }),
];

function network(layers: readonly LayerLike[], seed: number, batch: number | string = "batch") {
  return trainer(sequential(...layers, flatten(), dense(CLASSES)), {
    input: [batch, 1, SIZE, SIZE],
    loss: crossEntropy,
    optimizer: adam({ rate: 0.004 }),
    dtype: "f32",
    seed,
  });
}

async function learn(layers: readonly LayerLike[], seed: number) {
  const t = network(layers, seed);
  await t.train(digits({ examples: 1500, size: SIZE, seed }), { epochs: 6, batch: 30 });
  return t;
}

const known = new Map<number, ReturnType<typeof learn>>();

/** The network with pooling, trained once for the claims that are about it. */
function withPooling(seed: number): ReturnType<typeof learn> {
  const made = known.get(seed) ?? learn(pooled, seed);
  known.set(seed, made);
  return made;
}

function others(seed: number, count: number, shift = 0) {
  return digits({ examples: count, size: SIZE, seed: seed + 1_000_000, shift: [shift, 0] });
}

/** Share of rows nearest to the mean of their own class. */
function nearestMean({ data, shape }: Tensor, labels: ArrayLike<number>): number {
  const rows = shape[0] as number;
  const width = data.length / rows;
  const means = each(CLASSES, () => new Float64Array(width));
  const counts = new Float64Array(CLASSES);
  for (let row = 0; row < rows; row++) {
    const label = labels[row] as number;
    const mean = means[label] as Float64Array;
    counts[label] = (counts[label] as number) + 1;
    for (let i = 0; i < width; i++) {
      mean[i] = (mean[i] as number) + (data[row * width + i] as number);
    }
  }
  let right = 0;
  for (let row = 0; row < rows; row++) {
    const distances = means.map((mean, label) => {
      let sum = 0;
      for (let i = 0; i < width; i++)
        sum +=
          ((data[row * width + i] as number) - (mean[i] as number) / (counts[label] as number)) **
          2;
      return sum;
    });
    if (distances.indexOf(Math.min(...distances)) === labels[row]) right++;
  }
  return right / rows;
}

const abstraction = claim({
  name: "levels of abstraction",
  section: 11,
  claim: "Deeper layers learn levels of abstraction.",
  experiment:
    "A convolutional network trained on drawn digits: the share of digits nearest to the mean of their class, by pixels, by the first layer's features, by the second's.",
  async measure(seed) {
    const { inputs, targets } = others(seed, 500);
    const taps = (await withPooling(seed)).inspect(inputs);
    const share = (features: Tensor) => nearestMean(features, targets.data);
    return {
      pixels: share(inputs),
      first: share(taps["first"] as Tensor),
      second: share(taps["second"] as Tensor),
    };
  },
  verdict: ({ pixels, first, second }) => truth(pixels < first && first < second),
});

const tolerates = claim({
  name: "pooling tolerates small translations",
  section: 11,
  claim: "Pooling tolerates small translations.",
  experiment:
    "Digits moved by one pixel: accuracy lost, with largest-of-four pooling and with strides instead; moved by three.",
  async measure(seed) {
    const lost = async (layers: ReturnType<typeof learn>, shift: number) => {
      const t = await layers;
      return t.evaluate(others(seed, 500)).accuracy - t.evaluate(others(seed, 500, shift)).accuracy;
    };
    const own = withPooling(seed);
    const without = learn(strided, seed);
    return {
      pooled: await lost(own, 1),
      strided: await lost(without, 1),
      pooledByThree: await lost(own, 3),
    };
  },
  verdict({ pooled: own, strided: without, pooledByThree }) {
    if (own >= without) return "false";
    return pooledByThree > 0.1 ? "when they are small: by a pixel, not by three" : "true";
  },
});

const cheaper = claim({
  name: "pooling lowers cost",
  section: 11,
  claim: "Pooling lowers cost.",
  experiment:
    "Operations of a training step for one image, with pooling and with images kept at their size.",
  measure(seed) {
    const operations = (layers: readonly LayerLike[]) => {
      const { steps } = compile(network(layers, seed, 1).program, { as: "tensors" }).explain();
      return steps.reduce((sum, step) => sum + (step.operations ?? 0), 0);
    };
    return { pooled: operations(pooled), whole: operations(whole) };
  },
  verdict: ({ pooled: own, whole: all }) => truth(own < 0.7 * all),
});

export const imageClaims: readonly Claim[] = [abstraction, tolerates, cheaper];
