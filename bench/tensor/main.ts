/**
 * Training steps and matrix products in single precision on one thread, beside jax-js, TensorFlow.js (both
 * WebAssembly) and PyTorch. Run by `npm run bench -- tensor`; writes bench/results/tensor.md.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { compile } from "@chainrule/compile";
import { median } from "../support/median.ts";
import { numbers, oneHot } from "./data.ts";
import { jaxModels, jaxProduct, startJax } from "./jax.ts";
import * as models from "./models.ts";
import { startTensorFlow, tensorFlowModels, tensorFlowProduct } from "./tensorflow.ts";
import { startTorch } from "./torch.ts";

type Run = () => void;

/** How long each engine runs at a time, and how often: the engines take turns, so that noise meets all. */
const SECONDS = 0.6;
const ROUNDS = 4;

/** Median milliseconds of a call over some time. */
function time(run: Run): number {
  const times: number[] = [];
  const end = performance.now() + 1000 * SECONDS;
  // Short steps are timed in bunches, which a clock can tell.
  let bunch = 1;
  for (;;) {
    const start = performance.now();
    for (let i = 0; i < bunch; i++) run();
    const spent = performance.now() - start;
    if (spent < 0.5 && bunch < 1_000_000) bunch *= 2;
    else times.push(spent / bunch);
    if (performance.now() > end && times.length >= 3) return median(times);
  }
}

interface Prepared {
  readonly run: Run;
  /** Milliseconds from the graph to a compiled program, and to a first result. */
  readonly compiled: number;
  readonly cold: number;
  readonly moduleBytes: number;
  readonly memoryBytes: number;
}

function ours(step: models.Step): Prepared {
  const start = performance.now();
  const f = compile(step);
  const compiled = performance.now() - start;
  for (const [name, { shape }] of Object.entries(step.inputs)) {
    const sizes = shape as readonly number[];
    const count = sizes.reduce((a, b) => a * b, 1);
    const classes = sizes.at(-1) ?? 1;
    const scale = name === "x" || name === "a" || name === "b" ? 1 : 0.1;
    f.view(name).set(name === "y" ? oneHot(count / classes, classes) : numbers(count, scale));
  }
  f.run();
  const cold = performance.now() - start;
  const { moduleBytes, memoryBytes } = f.explain();
  return { run: () => f.run(), compiled, cold, moduleBytes, memoryBytes };
}

interface Row {
  readonly name: string;
  readonly label: string;
  readonly step: () => models.Step;
  readonly jax: () => Run;
  readonly tensorFlow: () => Run;
  /** Arithmetic operations, where a rate says more than a time. */
  readonly operations?: number;
}

const sizes = [64, 128, 256, 512, 1024];
const labels: Readonly<Record<string, string>> = {
  xor: "XOR 2-2-1, step",
  perceptron: "784-128-10, batch 64, step",
  convolutional: "convolutions 8 and 16, batch 32, step",
  transformer: "transformer block, 8 × 32 tokens, width 64, step",
};
const steps = {
  xor: models.xor,
  perceptron: models.perceptron,
  convolutional: models.convolutional,
  transformer: models.transformer,
} as const;
const rows: readonly Row[] = [
  ...sizes.map(
    (n): Row => ({
      name: `product${n}`,
      label: `product ${n}²`,
      step: () => models.product(n),
      jax: () => jaxProduct(n),
      tensorFlow: () => tensorFlowProduct(n),
      operations: 2 * n ** 3,
    }),
  ),
  ...(["xor", "perceptron", "convolutional", "transformer"] as const).map(
    (name): Row => ({
      name,
      label: labels[name] as string,
      step: steps[name],
      jax: jaxModels[name] as () => Run,
      tensorFlow: tensorFlowModels[name] as () => Run,
    }),
  ),
];

/** A peer's step, or undefined where it lacks something. */
function prepared(make: () => Run): Run | undefined {
  try {
    const run = make();
    run();
    run();
    return run;
  } catch (error) {
    console.log(`  ${String(error).split("\n")[0]}`);
    return undefined;
  }
}

function shown(milliseconds: number | undefined, { operations }: Row): string {
  if (milliseconds === undefined) return "–";
  const text =
    milliseconds < 0.1
      ? `${(1000 * milliseconds).toPrecision(3)} µs`
      : `${milliseconds.toPrecision(3)} ms`;
  return operations === undefined
    ? text
    : `${text} (${(operations / milliseconds / 1e6).toFixed(0)} GFLOP/s)`;
}

await startJax();
await startTensorFlow();
const torch = await startTorch();
const wanted = process.argv.slice(2);
const table: string[] = [];
for (const row of rows) {
  if (wanted.length > 0 && !wanted.includes(row.name)) continue;
  console.log(row.label);
  const own = ours(row.step());
  const runs = [own.run, prepared(row.jax), prepared(row.tensorFlow)];
  const times: number[][] = [[], [], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    runs.forEach((run, i) => {
      if (run !== undefined) times[i]?.push(time(run));
    });
    if (torch !== undefined) times[3]?.push(await torch.time(row.name, SECONDS));
  }
  // The best of the rounds: other processes only ever add time.
  const best = times.map((list) => (list.length === 0 ? undefined : Math.min(...list)));
  const mine = best[0] as number;
  const ratios = best
    .slice(1)
    .map((one) => (one === undefined ? "–" : (one / mine).toPrecision(2)));
  const cells = [row.label, ...best.map((one) => shown(one, row)), ...ratios];
  const kib = (bytes: number): string => (bytes / 1024).toFixed(0);
  const costs = [
    own.compiled.toFixed(0),
    own.cold.toFixed(0),
    kib(own.moduleBytes),
    kib(own.memoryBytes),
  ];
  table.push(`| ${[...cells, ...costs].join(" | ")} |`);
  console.log(`  ${cells.slice(1).join("  ")}`);
}
torch?.stop();
const versionOf = (name: string): string => {
  const path = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
};
const page = `# Tensors in single precision, one thread

${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model} (${cpus().length} cores, shared), Node ${process.versions.node},
jax-js ${versionOf("@jax-js/jax")}, TensorFlow.js ${versionOf("@tensorflow/tfjs")} (both WebAssembly), PyTorch ${torch?.version ?? "not installed"}. Best of
${ROUNDS} medians over ${SECONDS} s each, the engines in turn; a ratio is a peer's time by ours. "Compiled" is from the graph to
a program that can run, in ms, "cold" to its first result; then the sizes of the module and of its memory in KiB.
A step is forward, loss, gradients and update by gradient descent. – where a peer lacks a kernel.

| | chainrule | jax-js | TensorFlow.js | PyTorch | jax-js ÷ | TensorFlow.js ÷ | PyTorch ÷ | compiled | cold | module | memory |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${table.join("\n")}
`;
if (wanted.length === 0) writeFileSync(new URL("../results/tensor.md", import.meta.url), page);
