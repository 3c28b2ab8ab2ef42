/**
 * Value and gradient of a scalar 2-H-H-1 tanh network in one call: compiled to WebAssembly, beside C from the same
 * schedule, a gradient written by hand, and other libraries, in one run. Run by `npm run bench -- scalar`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { type CompileParts, compile, type Executable } from "@chainrule/compile";
import { type Expr, evaluate, grad } from "@chainrule/core";
import { cpuTime } from "../support/cpuTime.ts";
import { type Candidate, interleaved, type Measured, timed } from "../support/interleave.ts";
import { machine } from "../support/machine.ts";
import { network } from "../support/network.ts";
import { roseGradient } from "../support/roseNetwork.ts";
import { warmUp } from "../support/warmUp.ts";
import { handwritten } from "./handwritten.ts";
import { cFlags, type Native, native } from "./native.ts";
import { jaxNetwork, tensorflowNetwork } from "./peers.ts";

const SIZES = (process.env["SIZES"] ?? "4,8,16,32,64,128,256").split(",").map(Number);

/** Beyond, gcc takes minutes to hours, and the others tell nothing new. */
const PEERS_UP_TO = 64;

interface Case {
  readonly hidden: number;
  readonly operations: number;
  readonly building: number;
  readonly compiling: number;
  readonly cold: number;
  /** Seconds until calls got no faster. */
  readonly warming: number;
  readonly moduleBytes: number;
  readonly memoryBytes: number;
  readonly slots: number;
  readonly native: Native | undefined;
  readonly refused: string;
  readonly times: ReadonlyMap<string, Measured>;
}

function setPoint(f: Executable, names: readonly string[], point: ArrayLike<number>): void {
  names.forEach((name, i) => {
    f.view(name)[0] = point[i] as number;
  });
}

/** Rose's gradient, or why there is none. */
async function roseCandidate(hidden: number, point: number[]): Promise<Candidate | string> {
  try {
    const rose = await roseGradient(hidden);
    rose(point);
    return { name: "Rose", batch: timed(() => rose(point)) };
  } catch (error) {
    return /local count too large/.test(String(error)) ? "too many locals" : "fails";
  }
}

async function measure(hidden: number): Promise<Case> {
  const begin = cpuTime();
  const { output, parameters, inputs } = network(hidden);
  const gradients = grad(output, parameters);
  const building = cpuTime() - begin;
  const all = [...parameters, ...inputs];
  const names = all.map((_, i) => `p${i}`);
  const outputs: Record<string, Expr> = { output };
  gradients.forEach((node, i) => {
    outputs[`g${i}`] = node;
  });
  const parts: CompileParts = {
    inputs: Object.fromEntries(all.map((node, i) => [`p${i}`, node])),
    outputs,
  };
  const start = cpuTime();
  const f = compile(parts);
  const compiling = cpuTime() - start;
  const point = Array.from(all, (_, i) => Math.sin(i + 1) / Math.sqrt(hidden));
  setPoint(f, names, point);
  const first = performance.now();
  f.run();
  const cold = 1000 * (performance.now() - first);
  const value = compile({ inputs: parts.inputs ?? {}, outputs: { output } });
  setPoint(value, names, point);
  const gradient = new Float64Array(all.length);
  const byHand = handwritten(hidden, Float64Array.from(point), gradient);
  byHand();
  check(f, gradient, parameters.length);
  const { native: own, library, host, moduleBytes, memoryBytes, slots } = f.explain();
  const operations = own + library + host;
  const warm = await warmUp(() => f.run(), operations);
  await warmUp(() => value.run(), operations / 2);
  const candidates: Candidate[] = [
    { name: "ours", batch: timed(() => f.run()) },
    { name: "value", batch: timed(() => value.run()) },
    { name: "by hand", batch: timed(byHand) },
  ];
  let built: Native | undefined;
  let refused = "";
  if (hidden <= PEERS_UP_TO) {
    built = native(parts, point);
    if (built !== undefined) candidates.push(built.candidate);
    const bound = new Map(all.map((node, i) => [node, point[i] as number]));
    const wanted = [output, ...gradients];
    candidates.push({ name: "interpreter", batch: timed(() => evaluate(wanted, bound)) });
    const rose = await roseCandidate(hidden, point);
    if (typeof rose === "string") refused = rose;
    else candidates.push(rose);
    candidates.push({ name: "jax-js", batch: timed(await jaxNetwork(hidden)) });
    candidates.push({ name: "TensorFlow.js", batch: timed(await tensorflowNetwork(hidden)) });
  }
  return {
    hidden,
    operations,
    building,
    compiling,
    cold,
    warming: warm,
    moduleBytes,
    memoryBytes,
    slots,
    native: built,
    refused,
    times: interleaved(candidates),
  };
}

/** Stops if the compiled gradient is not that written by hand. */
function check(f: Executable, gradient: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const got = f.view(`g${i}`)[0] as number;
    const wanted = gradient[i] as number;
    if (!(Math.abs(got - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted)))) {
      throw new Error(`bench: gradients must agree, got ${got} for ${wanted} at ${i}`);
    }
  }
}

function ratio(one: Case, name: string): string {
  const measured = one.times.get(name);
  if (measured === undefined) return name === "Rose" ? one.refused : "";
  return times(measured.ratio);
}

/** A ratio to two digits. */
function times(value: number): string {
  return `${value < 10 ? value.toPrecision(2) : value.toFixed(0)}×`;
}

// The compiler itself is to have been compiled by V8: it is what a program that compiles more than once sees.
for (let i = 0; i < 5; i++) {
  const { output, parameters } = network(24 + i);
  const gradients = grad(output, parameters);
  compile({ outputs: Object.fromEntries(gradients.map((node, k) => [`g${k}`, node])) });
}

const cases: Case[] = [];
for (const hidden of SIZES) {
  const one = await measure(hidden);
  cases.push(one);
  console.log(
    hidden,
    [...one.times]
      .map(([name, { time, ratio }]) => `${name} ${time.toFixed(2)} µs ${ratio.toFixed(2)}×`)
      .join(", "),
  );
}

function table(head: readonly string[], row: (one: Case) => readonly string[]): string {
  const lines = [head, head.map(() => "---"), ...cases.map(row)];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const ours = (one: Case): number => (one.times.get("ours") as Measured).time;
const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)}`;
const load = loadavg()
  .map((one) => one.toFixed(1))
  .join(", ");
const page = `# Scalar graphs, compiled

Value and gradient of a 2-H-H-1 tanh network from scalar nodes, in f64, one call. ${machine()}, shared with other work (load
${load}), which slows memory and caches: ratios say more than times. Processor time, medians of 15 rounds in which every candidate
has its turn; ratios within a round.

${table(
  [
    ...["H", "operations", "µs a call", "ns an operation", "first call, µs", "warm after, s"],
    ...["value and gradient / value", "compiled in µs an operation", "graph and gradient built in"],
    ...["module, KiB", "memory, KiB", "slots"],
  ],
  (one) => [
    `${one.hidden}`,
    `${one.operations}`,
    ours(one).toPrecision(3),
    ((1000 * ours(one)) / one.operations).toFixed(2),
    one.cold.toFixed(0),
    one.warming.toFixed(1),
    (1 / (one.times.get("value") as Measured).ratio).toFixed(2),
    ((1000 * one.compiling) / one.operations).toFixed(2),
    `${((1000 * one.building) / one.operations).toFixed(2)}`,
    kib(one.moduleBytes),
    kib(one.memoryBytes),
    `${one.slots}`,
  ],
)}

Times of others as multiples of ours, of the same run:

${table(
  [
    ...["H", "C", "C: first call", "gcc, s", "by hand, TypeScript", "interpreter", "Rose"],
    ...["jax-js", "TensorFlow.js"],
  ],
  (one) => [
    `${one.hidden}`,
    ratio(one, "C"),
    one.native === undefined ? "" : times(one.native.cold / one.cold),
    one.native === undefined ? "" : one.native.compiling.toFixed(1),
    ratio(one, "by hand"),
    ratio(one, "interpreter"),
    ratio(one, "Rose"),
    ratio(one, "jax-js"),
    ratio(one, "TensorFlow.js"),
  ],
)}

- C is \`toC\` of the same program, cut into the same functions, by gcc ${cFlags.join(" ")}, which joins products and sums into one
  instruction (WebAssembly has none) and makes vectors where it can; up to H = ${PEERS_UP_TO}, since gcc takes minutes beyond.
- By hand: loops over Float64Array, gradient included, which an engineer would write for this one network.
- Rose gets the same scalar graph. jax-js (jit) and TensorFlow.js get the network as matrices in f32, on their WebAssembly backends:
  neither is made for scalars.
- Calls get faster until V8 has optimised all functions in the background; "warm after" tells when they were as fast as they became.
- Building and compiling are told in processor time of all threads (V8 still optimises in the background what ran before), listing of names,
  module and instance included, in a process that has compiled other networks; the first compilation takes some 50 ms more. V8's optimising tier comes later, in the
  background, so the first call runs unoptimised code.
`;
mkdirSync(new URL("../results/", import.meta.url), { recursive: true });
writeFileSync(new URL("../results/scalar.md", import.meta.url), page);
process.exit(0);
