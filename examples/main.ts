import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { examples } from "./index.ts";
import { type Example, quiet, type Result } from "./support/example.ts";

// Runs the examples named, or all, over ten seeds. Sections of results.md are replaced one by one; others stay.

const SEEDS = 10;
const TITLE = "# The examples over ten seeds\n\nMade by `npm run examples -- NAME …`.\n";
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
  for (let seed = 1; seed <= (example.seeds ?? SEEDS); seed++) {
    const before = process.cpuUsage();
    const result = await example.run(quiet(seed));
    const { user, system } = process.cpuUsage(before);
    const reached = example.reached(result);
    out.push({ seed, result, reached, seconds: (user + system) / 1e6 });
    console.log(`${example.name} ${seed}: ${reached ? "reached" : "not reached"}`);
  }
  return out;
}

/** The heading of an example, when and where it ran, and a table of its results. */
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
  const date = new Date().toISOString().slice(0, 10);
  const machine = `Node ${process.versions.node}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores`;
  return `${headingOf(example)}: ${count} of ${all.length}

${example.title}. Goal: ${example.goal}. ${date}, ${machine}: ${seconds.toFixed(1)} s of processor time a seed.

${lines}
`;
}

function shown(value: Result[string]): string {
  if (typeof value === "object") return value.map(shown).join(" ");
  if (typeof value === "number") return String(Number(value.toPrecision(3)));
  return String(value).replaceAll("|", "\\|");
}

function headingOf({ name }: Example): string {
  return `## ${name}`;
}

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (examples.some((example) => example.name === name)) continue;
  const names = examples.map((example) => example.name).join(", ");
  console.error(`examples: a name must be one of ${names}, got ${name}`);
  process.exit(2);
}
for (const example of examples) {
  if (wanted.length > 0 && !wanted.includes(example.name)) continue;
  const made = section(example, await trials(example));
  // Read again after each run: another process may have written its own sections.
  const before = existsSync(file) ? readFileSync(file, "utf8").split(/\n(?=## )/) : [];
  const sections = examples.flatMap((one) => {
    if (one === example) return [made];
    return before.filter((text) => text.startsWith(`${headingOf(one)}:`));
  });
  writeFileSync(file, [TITLE, ...sections].join("\n"));
}
