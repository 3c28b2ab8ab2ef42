import { relu } from "@chainrule/core";
import {
  adam,
  conv2d,
  cosineDecay,
  crossEntropy,
  type Dataset,
  dense,
  flatten,
  type LayerLike,
  maxPool2d,
  sequential,
  type Trainer,
  trainer,
} from "@chainrule/nn";
import type { Run } from "./example.ts";

const BATCH = 30;
const EPOCHS = 10;

/** Two convolutions, each followed by windows of which only the largest element goes on. */
export const pooled: readonly LayerLike[] = [
  conv2d(8, 5, { activation: relu, padding: "same" }),
  maxPool2d(2),
  conv2d(16, 3, { activation: relu, padding: "same" }),
  maxPool2d(2),
];

/** A convolutional network trained to read images [examples, 1, size, size] of the ten digits. */
export async function digitReader(
  layers: readonly LayerLike[],
  data: Dataset,
  { seed, bar }: Pick<Run, "seed" | "bar">,
): Promise<Trainer<"accuracy">> {
  const [examples = 0, ...image] = data.inputs.shape;
  const steps = EPOCHS * Math.ceil(examples / BATCH);
  const t = trainer(sequential(...layers, flatten(), dense(10)), {
    input: ["batch", ...image],
    loss: crossEntropy,
    optimizer: adam({ rate: cosineDecay(0.005, { steps }) }),
    dtype: "f32",
    seed,
  });
  const progress = bar({ epochs: EPOCHS, metric: "accuracy" });
  await t.train(data, { epochs: EPOCHS, batch: BATCH, ...progress });
  return t;
}

/** Drawings that ought to be of certain digits, and real ones. */
export interface Drawings {
  readonly drawn: Dataset;
  readonly real: Dataset;
}

/** What a reader makes of drawings that ought to be of certain digits. */
export type Judgement = {
  /** Share that the reader takes for some digit, and is sure of it. */
  readonly accepted: number;
  /** Share that it takes for the digit that they ought to be, and is sure of it. */
  readonly asAsked: number;
  /** For each digit, how many it takes for that digit, and is sure of it. */
  readonly counts: readonly number[];
  /** How much drawings of one digit differ, 1 for as much as real ones. */
  readonly variety: number;
};

/** The probability from which on a reader is sure. */
const SURE = 0.9;

/** Judges drawings by a reader that learns from real ones. */
export async function judgeDrawings(
  { drawn, real }: Drawings,
  run: Pick<Run, "seed" | "bar">,
): Promise<Judgement> {
  const reader = await digitReader(pooled, real, run);
  const logits = reader.predict(drawn.inputs).data;
  const examples = drawn.targets.data.length;
  const counts = new Array<number>(10).fill(0);
  let asked = 0;
  drawn.targets.data.forEach((digit: number, i: number) => {
    const own = Array.from(logits.subarray(10 * i, 10 * i + 10));
    const largest = Math.max(...own);
    const p = 1 / own.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
    if (p < SURE) return;
    const read = own.indexOf(largest);
    counts[read] = (counts[read] as number) + 1;
    if (read === digit) asked++;
  });
  return {
    accepted: counts.reduce((a, b) => a + b) / examples,
    asAsked: asked / examples,
    counts,
    variety: variance(drawn) / variance(real),
  };
}

/** Variance of pixels within a digit, mean over pixels and digits: 0 where all drawings of a digit are one. */
function variance({ inputs, targets }: Dataset): number {
  const pixels = inputs.data.length / targets.data.length;
  const rows = Array.from(targets.data, (digit, i) => ({ digit, at: i * pixels }));
  let total = 0;
  for (let digit = 0; digit < 10; digit++) {
    const own = rows.filter((row) => row.digit === digit);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const values = own.map(({ at }) => inputs.data[at + pixel] as number);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      total += values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    }
  }
  return total / (10 * pixels);
}
