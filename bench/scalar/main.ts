/**
 * Value and gradient of a scalar 2-H-H-1 tanh network in one call: compiled to WebAssembly, beside the
 * interpreter and Rose, in one run. Run by `npm run bench -- scalar`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { compile } from "@chainrule/compile";
import { type Expr, evaluate, grad } from "@chainrule/core";
import { median } from "../support/median.ts";
import { network } from "../support/network.ts";
import { roseGradient } from "../support/roseNetwork.ts";

/** Hidden sizes; Rose and the interpreter are told up to 64. */
const SIZES = [4, 8, 16, 32, 64, 128, 256];
const PEERS_UP_TO = 64;

/** Each time is the median of so many batches, each of at least this many milliseconds. */
const BATCHES = 7;
const BATCH_MS = 20;

/** Microseconds of one call, warm. */
function timeOf(call: () => unknown): number {
  let rounds = 1;
  for (;;) {
    const start = performance.now();
    for (let i = 0; i < rounds; i++) call();
    if (performance.now() - start > BATCH_MS) break;
    rounds *= 2;
  }
  const times = Array.from({ length: BATCHES }, () => {
    const start = performance.now();
    for (let i = 0; i < rounds; i++) call();
    return (1000 * (performance.now() - start)) / rounds;
  });
  return median(times);
}

/** Rose's time as a multiple of ours, or what its compiler says. */
async function besideRose(hidden: number, count: number, ours: number): Promise<string> {
  try {
    const rose = await roseGradient(hidden);
    const point = Array.from({ length: count }, (_, i) => Math.sin(i + 1) / Math.sqrt(hidden));
    return `${(timeOf(() => rose(point)) / ours).toFixed(1)}×`;
  } catch (error) {
    return /local count too large/.test(String(error)) ? "refused: too many locals" : "fails";
  }
}

const rows: string[] = [];
for (const hidden of SIZES) {
  const { output, parameters, inputs } = network(hidden);
  const gradients = grad(output, parameters);
  const all = [...parameters, ...inputs];
  const names = Object.fromEntries(all.map((node, i) => [`p${i}`, node]));
  const outputs: Record<string, Expr> = { output };
  gradients.forEach((node, i) => {
    outputs[`g${i}`] = node;
  });
  const begin = performance.now();
  const f = compile({ inputs: names, outputs });
  const compiling = performance.now() - begin;
  all.forEach((_, i) => {
    f.view(`p${i}`)[0] = Math.sin(i + 1) / Math.sqrt(hidden);
  });
  const begin1 = performance.now();
  f.run();
  const cold = 1000 * (performance.now() - begin1);
  const warm = timeOf(() => f.run());
  const { native, library, host } = f.explain();
  const operations = native + library + host;
  const valueOnly = compile({ inputs: names, outputs: { output } });
  all.forEach((_, i) => {
    valueOnly.view(`p${i}`)[0] = Math.sin(i + 1) / Math.sqrt(hidden);
  });
  const value = timeOf(() => valueOnly.run());
  const cells = [
    `${hidden}`,
    `${operations}`,
    `${((1000 * compiling) / operations).toFixed(2)}`,
    `${cold.toFixed(0)}`,
    `${warm.toFixed(2)}`,
    `${((1000 * warm) / operations).toFixed(2)}`,
    `${(warm / value).toFixed(2)}`,
  ];
  if (hidden <= PEERS_UP_TO) {
    const point = new Map(all.map((node, i) => [node, Math.sin(i + 1) / Math.sqrt(hidden)]));
    const interpreted = timeOf(() => evaluate([output, ...gradients], point));
    cells.push(`${(interpreted / warm).toFixed(0)}×`, await besideRose(hidden, all.length, warm));
  } else cells.push("", "");
  const row = `| ${cells.join(" | ")} |`;
  console.log(row);
  rows.push(row);
}

const page = `# Scalar graphs, compiled

Value and gradient of a 2-H-H-1 tanh network from scalar nodes, one call. Node ${process.versions.node}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores; the machine is shared, so ratios say more than times. Medians of ${BATCHES} batches.

| H | operations | compile, µs an operation | first call, µs | warm, µs | ns an operation | value and gradient / value | interpreter | Rose |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
mkdirSync(new URL("../results/", import.meta.url), { recursive: true });
writeFileSync(new URL("../results/scalar.md", import.meta.url), page);
