import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { examples } from "./index.ts";
import { type Example, quiet, type Result } from "./support/example.ts";

// Runs all examples over ten seeds and writes what came out to results.md, after each example anew.

const SEEDS = 10;
const file = fileURLToPath(new URL("results.md", import.meta.url));

interface Trial {
  readonly seed: number;
  readonly result: Result;
  readonly reached: boolean;
  /** Processor time in seconds. */
  readonly seconds: number;
}

async function trials(example: Example): Promise<readonly Trial[]> {
  const out: Trial[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const before = process.cpuUsage();
    const result = await example.run(quiet(seed));
    const { user, system } = process.cpuUsage(before);
    const reached = example.reached(result);
    out.push({ seed, result, reached, seconds: (user + system) / 1e6 });
    console.log(`${example.name} ${seed}: ${reached ? "reached" : "not reached"}`);
  }
  return out;
}

/** The heading of an example, and a table of the values that are single. */
function section(example: Example, all: readonly Trial[]): string {
  const count = all.filter(({ reached }) => reached).length;
  const seconds = all.reduce((sum, trial) => sum + trial.seconds, 0) / all.length;
  const names = Object.keys(all[0]?.result ?? {});
  const rows = all.map(({ seed, result, reached }) => [
    String(seed),
    reached ? "yes" : "**no**",
    ...names.map((name) => shown(result[name] ?? "")),
  ]);
  const table = [["seed", "reached", ...names], ["---", "---", ...names.map(() => "---")], ...rows];
  const lines = table.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `## ${example.name}: ${count} of ${all.length}

${example.title}. Goal: ${example.goal}. ${seconds.toFixed(1)} s of processor time a seed.

${lines}
`;
}

function shown(value: Result[string]): string {
  if (typeof value === "object") return value.map(shown).join(" ");
  return typeof value === "number" ? String(Number(value.toPrecision(3))) : String(value);
}

const date = new Date().toISOString().slice(0, 10);
const machine = `Node ${process.versions.node}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores`;
const parts = [
  `# The examples over ten seeds

Made by \`npm run examples\` on ${date}, ${machine}.
`,
];
for (const example of examples) {
  parts.push(section(example, await trials(example)));
  writeFileSync(file, parts.join("\n"));
}
