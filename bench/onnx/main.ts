/**
 * ONNX Runtime as an engine beside PyTorch, on one thread in single precision, and its matrix products beside
 * those of the runtime alone. Run by `npm run bench -- onnx`; needs Debian's PyTorch; writes bench/results/onnx.md.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { compile, compileAsync } from "@chainrule/compile";
import { Program } from "@chainrule/core";
import { toOnnx } from "@chainrule/interop/onnx";
import { onnxRuntime } from "@chainrule/interop/onnxruntime";
import * as ort from "onnxruntime-node";
import { cpuTime } from "../support/cpuTime.ts";
import { machine } from "../support/machine.ts";
import { median } from "../support/median.ts";
import { numbers, oneHot } from "../tensor/data.ts";
import * as models from "../tensor/models.ts";
import { startTorch } from "../tensor/torch.ts";

/** How long each runs at a time, and how often: they take turns, so that noise meets all. */
const SECONDS = 0.2;
const ROUNDS = 9;

type Run = () => Promise<unknown> | undefined;

/** Mean milliseconds of processor time a call, over some time: what other programs take is left out. */
async function time(run: Run): Promise<number> {
  await run();
  await run();
  const start = cpuTime();
  const end = performance.now() + 1000 * SECONDS;
  let count = 0;
  while (performance.now() < end || count < 5) {
    await run();
    count++;
  }
  return (cpuTime() - start) / count;
}

/** Values of the inputs of a step. */
function valuesOf({ inputs }: models.Step): Record<string, Float32Array> {
  const out: Record<string, Float32Array> = {};
  for (const [name, { shape }] of Object.entries(inputs)) {
    const count = (shape as readonly number[]).reduce((a, b) => a * b, 1);
    const classes = (shape.at(-1) as number | undefined) ?? 1;
    const scale = name === "x" || name === "a" || name === "b" ? 1 : 0.1;
    out[name] = name === "y" ? oneHot(count / classes, classes) : numbers(count, scale);
  }
  return out;
}

/** ONNX Runtime alone, on a model of one product. */
async function bareProduct(step: models.Step): Promise<Run> {
  const bytes = toOnnx(new Program({ variables: step.inputs, definitions: step.outputs }));
  const session = await ort.InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const feeds = Object.fromEntries(
    Object.entries(valuesOf(step)).map(([name, data]) => {
      const { shape } = step.inputs[name] as { readonly shape: readonly number[] };
      return [name, new ort.Tensor("float32", data, shape)];
    }),
  );
  return () => session.run(feeds);
}

const engine = onnxRuntime({ threads: 1 });
const rows = [
  ["784-128-10, batch 64, step", "perceptron", models.perceptron],
  ["convolutions 8 and 16, batch 32, step", "convolutional", models.convolutional],
  ["transformer block, 8 × 32 tokens, width 64, step", "transformer", models.transformer],
  ["product 512²", "product512", () => models.product(512)],
  ["product 1024²", "product1024", () => models.product(1024)],
] as const;

const torch = await startTorch();
const lines = [
  "# ONNX Runtime as an engine",
  "",
  `Milliseconds of processor time a call on one thread, single precision: our own WebAssembly, ONNX Runtime ${ort.env.versions.node ?? ""} by`,
  `\`compile(…, { engine: onnxRuntime({ threads: 1 }) })\`, PyTorch ${torch?.version ?? "(none here)"}, and for products the runtime alone.`,
  `Medians of ${ROUNDS} rounds, ratios within a round with the quarters of the rounds below and above. ${machine()}.`,
  "",
  "| | WebAssembly | ONNX Runtime | PyTorch | ONNX Runtime ÷ PyTorch | ÷ the runtime alone |",
  "| --- | --- | --- | --- | --- | --- |",
];
for (const [label, name, make] of rows) {
  const step = make();
  const values = valuesOf(step);
  const own = compile(step);
  own.set(values);
  const native = await compileAsync(step, { engine });
  await native.set(values);
  const bare = name.startsWith("product") ? await bareProduct(step) : undefined;
  const times: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push([
      await time(() => {
        own.run();
        return undefined;
      }),
      await time(() => native.run()),
      torch === undefined ? Number.NaN : await torch.cpuTime(name, SECONDS),
      bare === undefined ? Number.NaN : await time(bare),
    ]);
  }
  native.dispose();
  const shown = (i: number): string => {
    const value = median(times.map((all) => all[i] as number));
    return Number.isNaN(value) ? "–" : `${value.toPrecision(3)} ms`;
  };
  const ratio = (i: number): string => {
    const ratios = times
      .map((all) => (all[1] as number) / (all[i] as number))
      .sort((a, b) => a - b);
    const value = median(ratios);
    const quarter = (part: number): string =>
      (ratios[Math.floor(part * ratios.length)] as number).toFixed(2);
    return Number.isNaN(value) ? "–" : `${value.toFixed(2)} (${quarter(0.25)} to ${quarter(0.75)})`;
  };
  const line = `| ${label} | ${shown(0)} | ${shown(1)} | ${shown(2)} | ${ratio(2)} | ${ratio(3)} |`;
  console.log(line);
  lines.push(line);
}
torch?.stop();

/** Median milliseconds of a call by the clock. */
async function clock(run: Run): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + 1000 * SECONDS;
  while (performance.now() < end) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return median(times);
}

const cores = cpus().length;
lines.push(
  "",
  `By the clock, on all ${cores} cores, as both do it unless told otherwise:`,
  "",
  "| | ONNX Runtime | PyTorch | ONNX Runtime ÷ PyTorch |",
  "| --- | --- | --- | --- |",
);
const wide = await startTorch(cores);
for (const [label, name, make] of rows.slice(0, 3)) {
  const step = make();
  const native = await compileAsync(step, { engine: onnxRuntime({ threads: cores }) });
  await native.set(valuesOf(step));
  const times: (readonly [number, number])[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const other = wide === undefined ? Number.NaN : await wide.time(name, SECONDS);
    times.push([await clock(() => native.run()), other]);
  }
  native.dispose();
  const [own, other] = [0, 1].map((i) => median(times.map((all) => all[i] as number))) as [
    number,
    number,
  ];
  const ratios = times.map(([a, b]) => a / b).sort((a, b) => a - b);
  const quarter = (part: number): string =>
    (ratios[Math.floor(part * ratios.length)] as number).toFixed(2);
  const line = `| ${label} | ${own.toPrecision(3)} ms | ${other.toPrecision(3)} ms | ${median(ratios).toFixed(2)} (${quarter(0.25)} to ${quarter(0.75)}) |`;
  console.log(line);
  lines.push(line);
}
wide?.stop();
writeFileSync("bench/results/onnx.md", `${lines.join("\n")}\n`);
