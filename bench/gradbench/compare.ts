// `node --import tsx bench/gradbench/compare.ts CHECKOUT [EVAL …]`: runs the suite's evals, from a checkout of GradBench
// where `make -C tools/manual all` was run, against this tool and times tools/manual on the same inputs in turn.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Timing } from "./clock.ts";
import { type Row, report } from "./report.ts";
import { workloads } from "./workloads.ts";

interface Message {
  readonly id: number;
  readonly kind: string;
  readonly module: string;
  readonly function: string;
  readonly description?: string;
  readonly of?: number;
  readonly valid?: boolean;
  readonly error?: string;
}

const [checkout, ...named] = process.argv.slice(2);
if (checkout === undefined) {
  console.error("compare: the first argument must be a checkout of GradBench, got none");
  process.exit(2);
}
const main = fileURLToPath(new URL("main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradbench-"));

/** Lines to a process and back, one at a time. */
function talk(command: string, args: readonly string[], cwd?: string) {
  const child = spawn(command, args, {
    ...(cwd ? { cwd } : {}),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    say: (line: string) => child.stdin.write(`${line}\n`),
    hear: async (): Promise<string | undefined> => (await lines.next()).value as string | undefined,
    end: () => child.stdin.end(),
  };
}

/** The shortest of the runs of tools/manual, or `undefined` where it lacks the eval. */
function manual({ module, function: name }: Message, input: unknown): number | undefined {
  const file = join(folder, "input.json");
  writeFileSync(file, JSON.stringify(input));
  const binary = join(checkout as string, "tools/manual/bin", module);
  const { stdout, status } = spawnSync(binary, [file, name], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) return undefined;
  const timings = stdout
    .split("\n")
    .slice(1)
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Timing);
  return shortestOf(timings, (timing) => timing.name === "evaluate");
}

function shortestOf(timings: readonly Timing[], wanted: (timing: Timing) => boolean): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (const timing of timings) {
    if (wanted(timing)) shortest = Math.min(shortest, timing.nanoseconds);
  }
  return shortest;
}

/** Runs one eval to its end. */
async function compare(name: string, args: readonly string[]): Promise<Row[]> {
  const rows = new Map<number, Row>();
  const module = `gradbench.evals.${name}.run`;
  const suite = talk(
    "env",
    [
      "PYTHONPATH=python/gradbench:".concat(process.env["PYTHONPATH"] ?? ""),
      "python3",
      "-m",
      module,
      ...args,
    ],
    checkout,
  );
  const tool = talk(process.execPath, [main]);
  for (let line = await suite.hear(); line !== undefined; line = await suite.hear()) {
    const message = JSON.parse(line) as Message;
    tool.say(line);
    const answer = (await tool.hear()) as string;
    if (message.kind === "evaluate") rows.set(message.id, row(message, line, answer));
    const judged = message.kind === "analysis" && rows.get(message.of as number);
    if (judged) {
      judged.valid = message.valid === true;
      if (message.error) console.error(message.error.slice(0, 600));
    }
    if (message.kind === "end") break;
    suite.say(answer);
  }
  tool.end();
  suite.end();
  for (const one of rows.values()) console.log(JSON.stringify(one));
  return [...rows.values()];
}

function row(message: Message, line: string, answer: string): Row {
  const response = JSON.parse(answer) as { timings?: Timing[]; error?: string };
  if (response.error) console.error(response.error);
  const timings = response.timings ?? [];
  const native = manual(message, (JSON.parse(line) as { input: unknown }).input);
  const runs = timings.filter((timing) => timing.name === "evaluate");
  const setup = timings.filter((timing) => timing.name !== "evaluate");
  return {
    module: message.module,
    function: message.function,
    input: message.description ?? "",
    valid: false,
    runs: runs.length,
    nanoseconds: runs.length > 0 ? shortestOf(runs, () => true) : Number.NaN,
    setup: setup.reduce((total, { nanoseconds }) => total + nanoseconds, 0),
    interpreted: setup.some((timing) => timing.name === "interpret"),
    native,
  };
}

const compiler = execFileSync("c++", ["--version"], { encoding: "utf8" }).split("\n")[0] as string;
const target = fileURLToPath(new URL("../results/gradbench.md", import.meta.url));
const rows: Row[] = [];
for (const [name, args] of workloads) {
  if (named.length > 0 && !named.includes(name)) continue;
  rows.push(...(await compare(name, args)));
  if (named.length === 0) writeFileSync(target, report(rows, compiler));
}
rmSync(folder, { recursive: true });
console.log(report(rows, compiler));
