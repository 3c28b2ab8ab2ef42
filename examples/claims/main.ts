import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { Claim } from "../support/claim.ts";
import type { Result } from "../support/example.ts";
import { claims } from "./index.ts";

// Measures the claims whose numbers are given, or all; then the results are written where the lecture reads them.

const SEED = 1;
const page = fileURLToPath(new URL("results.md", import.meta.url));
const data = fileURLToPath(
  new URL("../../packages/render/src/classroom/lectureFindings.ts", import.meta.url),
);

interface Finding {
  readonly number: number;
  readonly section: number;
  readonly claim: string;
  readonly experiment: string;
  readonly measured: string;
  readonly verdict: string;
}

async function finding(claim: Claim, number: number): Promise<Finding> {
  const result = await claim.measure(SEED);
  const { section, claim: text, experiment } = claim;
  const verdict = claim.verdict(result);
  return { number, section, claim: text, experiment, measured: measuredText(result), verdict };
}

/** "sigmoid 0.25, tanh 1" */
function measuredText(result: Result): string {
  const shown = (value: Result[string]): string => {
    if (typeof value === "object") return value.map(shown).join(" / ");
    return typeof value === "number" ? String(Number(value.toPrecision(3))) : String(value);
  };
  const worded = (name: string): string =>
    name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return Object.entries(result)
    .map(([name, value]) => `${worded(name)} ${shown(value)}`)
    .join(", ");
}

function show({ number, claim, experiment, measured, verdict }: Finding): void {
  console.log(
    `${number}. ${claim}\n   ${experiment}\n   Measured: ${measured}.\n   Verdict: ${verdict}.\n`,
  );
}

const wanted = process.argv.slice(2).map(Number);
for (const number of wanted) {
  if (Number.isSafeInteger(number) && number >= 1 && number <= claims.length) continue;
  console.error(`claims: a number must be from 1 to ${claims.length}, got ${number}`);
  process.exit(2);
}
const findings: Finding[] = [];
for (const [i, claim] of claims.entries()) {
  if (wanted.length > 0 && !wanted.includes(i + 1)) continue;
  const found = await finding(claim, i + 1);
  show(found);
  findings.push(found);
}
if (wanted.length === 0) {
  const date = new Date().toISOString().slice(0, 10);
  const machine = `Node ${process.versions.node}, ${cpus()[0]?.model.trim()}`;
  const rows = findings.map((one) =>
    [one.number, one.section, one.claim, one.experiment, one.measured, one.verdict]
      .map((cell) => String(cell).replaceAll("|", "\\|"))
      .join(" | "),
  );
  const table = rows.map((row) => `| ${row} |`).join("\n");
  writeFileSync(
    page,
    `# The lecture's claims, measured\n\nMade by \`npm run examples -- claims\`, ${date}, ${machine}, seed ${SEED}.\n\n| | section | claim | experiment | measured | verdict |\n| --- | --- | --- | --- | --- | --- |\n${table}\n`,
  );
  const items = findings.map((one) => `  ${JSON.stringify(one)},`).join("\n");
  writeFileSync(
    data,
    `// Made by \`npm run examples -- claims\`, ${date}; not to be edited.\nimport type { Finding } from "./lectureClaims.ts";\n\n/** The lecture's claims as they were measured. */\nexport const findings: readonly Finding[] = [\n${items}\n];\n`,
  );
}
