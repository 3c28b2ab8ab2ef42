/**
 * Build and gradient of a scalar 2-H-H-1 tanh network, in µs and bytes a node of the function and its
 * gradient together. Beside it what mathjs and Rose need for the same network.
 *
 * Run by `npm run bench -- graph`, which writes `bench/results/graph.md`. With `--expose-gc`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { grad, topological } from "@chainrule/core";
import { median } from "../support/median.ts";
import { network } from "../support/network.ts";
import { traceRose } from "../support/roseNetwork.ts";
import { mathjsTime } from "./mathjs.ts";

/** Hidden sizes: doubling quadruples the nodes; 576 has two million. */
const SIZES = [16, 32, 64, 128, 256, 512, 576];

/** Each size is measured so often, and the median is told. */
const RUNS = 5;

const collect = (globalThis as { gc?: () => void }).gc;
if (collect === undefined) throw new Error("bench/graph: node must run with --expose-gc");

async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    collect?.();
  }
}

/** Time of one run, as a program that builds graphs one after another sees it. */
function timed(hidden: number): number {
  const start = performance.now();
  const { output, parameters } = network(hidden);
  grad(output, parameters);
  return 1000 * (performance.now() - start);
}

/** Nodes, and the bytes they take once all garbage is gone; collected apart from the timed runs. */
async function counted(hidden: number): Promise<{ nodes: number; bytes: number }> {
  await settle();
  const before = process.memoryUsage().heapUsed;
  const { output, parameters } = network(hidden);
  const gradients = grad(output, parameters);
  const nodes = topological([output, ...gradients]).nodes.length;
  await settle();
  const bytes = process.memoryUsage().heapUsed - before;
  // Nothing may be collected before it is counted.
  if (gradients.length !== parameters.length) throw new Error("bench/graph: gradients are missing");
  return { nodes, bytes };
}

async function measure(hidden: number): Promise<{ nodes: number; times: number[]; bytes: number }> {
  const { nodes, bytes } = await counted(hidden);
  const times = Array.from({ length: RUNS }, () => timed(hidden) / nodes);
  return { nodes, times, bytes: bytes / nodes };
}

const rows: string[] = [];
for (const hidden of SIZES) {
  const { nodes, times, bytes } = await measure(hidden);
  const best = Math.min(...times).toFixed(2);
  const row = `| ${hidden} | ${nodes} | ${median(times).toFixed(2)} | ${best} | ${bytes.toFixed(0)} |`;
  console.log(row);
  rows.push(row);
}

const peers: string[] = [];
for (const hidden of [4, 8]) {
  await settle();
  const own: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const { output, parameters } = network(hidden);
    grad(output, parameters);
    own.push(performance.now() - start);
  }
  const ours = median(own);
  const mathjs = mathjsTime(hidden);
  const rose = traceRose(hidden).time;
  const ratio = (time: number): string => `${time.toFixed(2)} ms, ${(time / ours).toFixed(1)}×`;
  const row = `| ${hidden} | ${ours.toFixed(2)} ms | ${ratio(mathjs)} | ${ratio(rose)} |`;
  console.log(row);
  peers.push(row);
}

const page = `# Building graphs

Value and gradient of a scalar 2-H-H-1 tanh network, from scalar nodes. Node ${process.versions.node}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores; the machine is shared, so ratios say more than times. Median and best of ${RUNS} runs.

| H | nodes | µs a node | best | bytes a node |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

The same network in mathjs (\`derivative\` by every parameter, trees without sharing) and in Rose (tracing and
\`vjp\`, before compiling):

| H | chainrule | mathjs | Rose |
| --- | --- | --- | --- |
${peers.join("\n")}
`;
mkdirSync(new URL("../results/", import.meta.url), { recursive: true });
writeFileSync(new URL("../results/graph.md", import.meta.url), page);
