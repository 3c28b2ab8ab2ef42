/**
 * Time of an epoch of training by our own engine, by PyTorch in one process, and in two over gloo on
 * loopback. Run by `npm run bench -- scale`; needs a Python with PyTorch.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { relu, Tensor } from "@chainrule/core";
import { findPython, torch } from "@chainrule/interop/torch";
import {
  crossEntropy,
  dense,
  type Examples,
  gradientDescent,
  type LayerLike,
  random,
  sequential,
  trainer,
} from "@chainrule/nn";
import { machine } from "../support/machine.ts";

const ROWS = 4096;
const EPOCHS = 6;
const ROUNDS = 3;

interface Setting {
  readonly name: string;
  readonly batch: number;
  readonly model: () => LayerLike;
}

const settings: readonly Setting[] = [
  {
    name: "784-128-10, batch 64",
    batch: 64,
    model: () => sequential(dense(128, relu), dense(10)),
  },
  {
    name: "784-1024-1024-10, batch 256",
    batch: 256,
    model: () => sequential(dense(1024, relu), dense(1024, relu), dense(10)),
  },
];

function examples(): Examples {
  const generator = random(1, "rows");
  const inputs = Float32Array.from({ length: ROWS * 784 }, () => generator.uniform());
  const targets = Int32Array.from({ length: ROWS }, () => Math.floor(10 * generator.uniform()));
  return { inputs: new Tensor([ROWS, 784], inputs), targets: new Tensor([ROWS], targets) };
}

/** Seconds of the fastest epoch, and from the call to the end of the first one. */
async function measured(
  { batch, model }: Setting,
  data: Examples,
  processes: number,
): Promise<{ readonly epoch: number; readonly first: number }> {
  const t = trainer(model(), {
    input: ["batch", 784],
    loss: crossEntropy,
    optimizer: gradientDescent({ rate: 0.01 }),
    seed: 1,
    dtype: "f32",
  });
  const engine = processes === 0 ? {} : { engine: torch({ processes }) };
  let before = performance.now();
  const seconds: number[] = [];
  for await (const _epoch of t.fit(data, { epochs: EPOCHS, batch, ...engine })) {
    const now = performance.now();
    seconds.push((now - before) / 1000);
    before = now;
  }
  return { epoch: Math.min(...seconds.slice(1)), first: seconds[0] as number };
}

const ways = ["our own engine", "PyTorch, 1 process", "PyTorch, 2 processes"];
const data = examples();
const load = (): string => (loadavg()[0] ?? 0).toFixed(1);
const lines = [
  "# Training on several processes",
  "",
  `Seconds of the fastest of ${ROUNDS * (EPOCHS - 1)} epochs over ${ROWS} examples in f32, a checkpoint written and read back included, the ways`,
  "taking turns; by it the seconds until the first epoch was over: compiling, or export, start of Python, PyTorch",
  `and processes. PyTorch ${findPython().torch}, gloo on loopback. ${machine()}.`,
  "",
  "| | epoch, s | first epoch, s |",
  "| --- | --- | --- |",
];
const before = load();
for (const setting of settings) {
  const rows = ways.map(() => ({
    epoch: Number.POSITIVE_INFINITY,
    first: Number.POSITIVE_INFINITY,
  }));
  // Ways take turns, so that a busy minute of the machine meets all of them.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [processes, best] of rows.entries()) {
      const { epoch, first } = await measured(setting, data, processes);
      best.epoch = Math.min(best.epoch, epoch);
      best.first = Math.min(best.first, first);
    }
  }
  for (const [i, { epoch, first }] of rows.entries()) {
    const line = `| ${setting.name}: ${ways[i]} | ${epoch.toFixed(3)} | ${first.toFixed(2)} |`;
    console.log(line);
    lines.push(line);
  }
}
lines.push(
  "",
  `Load average before and after: ${before}, ${load()}; beyond the number of cores, other programs took their share.`,
);
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/scale.md", `${lines.join("\n")}\n`);
