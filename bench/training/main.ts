/**
 * What `fit` takes beside the compiled step it runs, in one run, round by round. Run by `npm run bench -- training`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { relu, Tensor, type TypedArray, tanh } from "@chainrule/core";
import {
  adam,
  conv2d,
  crossEntropy,
  dense,
  flatten,
  gradientDescent,
  type LayerLike,
  maxPool2d,
  type Optimizer,
  random,
  sequential,
  trainer,
} from "@chainrule/nn";
import { machine } from "../support/machine.ts";
import { median } from "../support/median.ts";

interface Case {
  readonly name: string;
  readonly layers: readonly LayerLike[];
  readonly input: readonly number[];
  readonly classes: number;
  readonly optimizer: Optimizer;
  readonly batch: number;
  readonly steps: number;
}

const cases: readonly Case[] = [
  {
    name: "2-8-2, batch 4",
    layers: [dense(8, tanh)],
    input: [2],
    classes: 2,
    optimizer: gradientDescent({ rate: 0.1 }),
    batch: 4,
    steps: 5000,
  },
  {
    name: "784-128-10, batch 64",
    layers: [dense(128, relu)],
    input: [784],
    classes: 10,
    optimizer: gradientDescent({ rate: 0.01 }),
    batch: 64,
    steps: 100,
  },
  {
    name: "784-128-10, batch 64, Adam",
    layers: [dense(128, relu)],
    input: [784],
    classes: 10,
    optimizer: adam(),
    batch: 64,
    steps: 100,
  },
  {
    name: "convolutions 8 and 16 on 28², batch 32",
    layers: [
      conv2d(8, 3, { activation: relu }),
      maxPool2d(2),
      conv2d(16, 3, { activation: relu }),
      maxPool2d(2),
      flatten(),
    ],
    input: [1, 28, 28],
    classes: 10,
    optimizer: gradientDescent({ rate: 0.01 }),
    batch: 32,
    steps: 25,
  },
];

/** Of one call of `fit`, which checks its data once. */
const EPOCHS = 20;
const ROUNDS = 20;

/** Medians over rounds: milliseconds of the step, and the times of others by its own. */
async function measure({
  layers,
  input,
  classes,
  optimizer,
  batch,
  steps,
}: Case): Promise<number[]> {
  const generator = random(1, "bench");
  const rows = batch * steps;
  const width = input.reduce((a, b) => a * b, 1);
  const inputs = new Tensor(
    [rows, ...input],
    Float32Array.from({ length: rows * width }, () => generator.uniform()),
  );
  const targets = new Tensor(
    [rows],
    Int32Array.from({ length: rows }, () => generator.integer(classes)),
  );
  const t = trainer(sequential(...layers, dense(classes)), {
    input: ["batch", ...input],
    loss: crossEntropy,
    optimizer,
    dtype: "f32",
    seed: 1,
  });
  const epoch = () => t.train({ inputs, targets }, { epochs: EPOCHS, batch });
  await epoch();
  const step = t.executable;
  if (step === undefined) throw new Error("bench: the step must be compiled, got none");
  const views = [step.view("input"), step.view("target")] as const;
  const part = (of: Tensor, i: number, count: number): TypedArray =>
    of.data.subarray(i * count, (i + 1) * count);
  const same = (): void => {
    for (let i = 0; i < EPOCHS * steps; i++) step.run();
  };
  const fresh = (): void => {
    for (let i = 0; i < EPOCHS * steps; i++) {
      views[0].set(part(inputs, i % steps, batch * width));
      views[1].set(part(targets, i % steps, batch));
      step.run();
    }
  };
  const order = generator.shuffle(Int32Array.from({ length: rows }, (_, i) => i));
  const shuffled = (): void => {
    for (let i = 0; i < EPOCHS * steps; i++) {
      const first = (i % steps) * batch;
      for (let row = 0; row < batch; row++) {
        const at = order[first + row] as number;
        views[0].set(part(inputs, at, width), row * width);
        views[1][row] = targets.data[at] as number;
      }
      step.run();
    }
  };
  const timed = async (work: () => unknown): Promise<number> => {
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / (1000 * EPOCHS * steps);
  };
  const times: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push([await timed(fresh), await timed(same), await timed(shuffled), await timed(epoch)]);
  }
  const ratio = (which: number): number =>
    median(times.map((own) => (own[which] as number) / (own[0] as number)));
  return [median(times.map(([own = 0]) => own)), ratio(1), ratio(2), ratio(3)];
}

const lines = [
  "# Training",
  "",
  `Processor time of a step of training in f32, gradients, update, loss, accuracy and a check for NaN included, on a batch copied from the data; by it`,
  `the time of the step on one batch again and again, which stays in the caches; of the step on rows that a plain loop fetches in random order, out of`,
  `memory that nothing has read ahead; and of a step of \`fit\`, which shuffles, gathers rows, checks and`,
  `adds up, in calls of ${EPOCHS} epochs. Medians of ${ROUNDS} rounds, ratios within a round. ${machine()}.`,
  "",
  "| | step, ms | same batch | rows at random | fit |",
  "| --- | --- | --- | --- | --- |",
];
for (const one of cases) {
  const [time = 0, same = 0, shuffled = 0, fit = 0] = await measure(one);
  const line = `| ${one.name} | ${time.toPrecision(3)} | ${same.toFixed(3)} | ${shuffled.toFixed(3)} | ${fit.toFixed(3)} |`;
  console.log(line);
  lines.push(line);
}
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/training.md", `${lines.join("\n")}\n`);
