/**
 * Value and gradient of random graphs of scalars up to a million operations: time to compile, memory and time of a
 * call as they grow. Run by `npm run bench -- random`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { compile } from "@chainrule/compile";
import { type Expr, evaluate, grad } from "@chainrule/core";
import { cpuTime } from "../support/cpuTime.ts";
import { interleaved, type Measured, timed } from "../support/interleave.ts";
import { machine } from "../support/machine.ts";
import { randomGraph } from "../support/randomGraph.ts";
import { warmUp } from "../support/warmUp.ts";

/** Operations of the value; with the gradient there are about four times as many. */
const SIZES = (process.env["SIZES"] ?? "1000,10000,100000,350000").split(",").map(Number);

const collect = (globalThis as { gc?: () => void }).gc;
if (collect === undefined) throw new Error("bench/random: node must run with --expose-gc");

const MB = 2 ** 20;

// The compiler itself is to have been compiled by V8: it is what a program that compiles more than once sees.
for (let i = 0; i < 5; i++) {
  const { output, inputs } = randomGraph(10_000 + i);
  compile({ outputs: { output, slope: grad(output, inputs[0] as Expr) } });
}
const rows: string[] = [];
for (const size of SIZES) {
  const start = cpuTime();
  const { output, inputs } = randomGraph(size);
  const gradients = grad(output, inputs);
  const building = cpuTime() - start;
  const outputs: Record<string, Expr> = { output };
  gradients.forEach((node, i) => {
    outputs[`g${i}`] = node;
  });
  const named = Object.fromEntries(inputs.map((x, i) => [`x${i}`, x]));
  collect();
  const before = process.memoryUsage();
  const begin = cpuTime();
  const f = compile({ inputs: named, outputs });
  const compiling = cpuTime() - begin;
  const peak = process.memoryUsage();
  const value = compile({ inputs: named, outputs: { output } });
  const point = inputs.map((_, i) => Math.sin(i + 1));
  for (const g of [f, value]) {
    point.forEach((number, i) => {
      g.view(`x${i}`)[0] = number;
    });
  }
  const first = performance.now();
  f.run();
  const cold = performance.now() - first;
  const bound = new Map(inputs.map((x, i) => [x, point[i] as number]));
  const wanted = evaluate({ output, g0: gradients[0] as Expr }, bound) as Record<string, number>;
  for (const [name, number] of Object.entries(wanted)) {
    const got = f.view(name)[0] as number;
    if (!(Math.abs(got - number) <= 1e-9 * Math.max(1, Math.abs(number)))) {
      throw new Error(`bench: ${name} must agree with the interpreter, got ${got} for ${number}`);
    }
  }
  const { native, library, host, moduleBytes, memoryBytes, slots } = f.explain();
  const operations = native + library + host;
  const warm = await warmUp(() => f.run(), operations);
  await warmUp(() => value.run(), operations / 2);
  const times = interleaved(
    [
      { name: "ours", batch: timed(() => f.run()) },
      { name: "value", batch: timed(() => value.run()) },
      { name: "interpreter", batch: timed(() => evaluate([output, ...gradients], bound)) },
    ],
    size > 100_000 ? 5 : 11,
  );
  const ours = (times.get("ours") as Measured).time;
  const cells = [
    `${operations}`,
    `${((1000 * building) / operations).toFixed(2)}`,
    `${((1000 * compiling) / operations).toFixed(2)}`,
    `${(moduleBytes / operations).toFixed(1)}`,
    `${((peak.rss - before.rss) / MB).toFixed(0)}`,
    `${(memoryBytes / 1024).toFixed(0)}`,
    `${slots}`,
    `${((1e6 * cold) / operations).toFixed(1)}`,
    `${warm.toFixed(1)}`,
    `${((1000 * ours) / operations).toFixed(2)}`,
    `${(1 / (times.get("value") as Measured).ratio).toFixed(2)}`,
    `${(times.get("interpreter") as Measured).ratio.toFixed(0)}×`,
  ];
  const row = `| ${cells.join(" | ")} |`;
  console.log(row);
  rows.push(row);
}

const head = [
  ...["operations", "graph and gradient, µs an operation", "compiled in, µs an operation"],
  ...[
    "module, bytes an operation",
    "memory of the process grew by, MB",
    "memory of the module, KiB",
  ],
  ...["slots", "first call, ns an operation", "warm after, s", "warm, ns an operation"],
  ...["value and gradient / value", "interpreter"],
];
const page = `# Random graphs of scalars, compiled

Value and gradient by 100 inputs of random graphs (sums, differences, products; one sine or tanh in ten), in f64. ${machine()}; the
machine is shared with other work, which slows memory and caches. Times of calls are processor time.

| ${head.join(" | ")} |
| ${head.map(() => "---").join(" | ")} |
${rows.join("\n")}

Building and compiling are told in processor time, in a process that has compiled other graphs before.
Calls get faster until V8 has optimised all functions in the background: "warm after" tells when they were as fast as they became.
`;
mkdirSync(new URL("../results/", import.meta.url), { recursive: true });
writeFileSync(new URL("../results/random.md", import.meta.url), page);
