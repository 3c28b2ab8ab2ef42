// `npm test [-- paths]`: sets up what is missing, then types, format and lint, and all tests.
// Ends with "N passed, N failed", whatever happens.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, checkNode, install } from "./setup.mjs";
import { summarize } from "./summarize.mjs";
import { bin, read, root } from "./workspace.mjs";

let counts = { passed: 0, failed: 1, skipped: 0 };
process.on("exit", () => console.log(`${counts.passed} passed, ${counts.failed} failed`));

checkNode();
install();
build();

const paths = process.argv.slice(2);
const cache = join(root, "node_modules", ".cache");
mkdirSync(cache, { recursive: true });

const checks = [
  ["types of the tests", bin("tsc"), ["-p", "test"]],
  ["types of the studio's tests", bin("tsc"), ["-p", "test/studio"]],
  ["format and lint", bin("biome"), ["check", "--diagnostic-level=warn", "--error-on-warnings"]],
];
let failedChecks = 0;
for (const [what, command, args] of checks) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  console.log(`${status === 0 ? "✓" : "✗"} ${what}`);
  if (status !== 0) failedChecks++;
}

/** Where every tool must be present, a test that did not run did not pass, and coverage counts. */
const everything = process.env.CHAINRULE_REQUIRE_TOOLS === "1";
// Counting what runs costs time, so it is done for core's tests alone.
const parts = [["--coverage", "test/core"], ["--exclude=test/core/**"]];
const runs = (everything && paths.length === 0 ? parts : [paths]).map((args, i) => {
  const file = join(cache, `chainrule-tests-${i}.json`);
  rmSync(file, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const { status } = spawnSync(bin("vitest"), ["run", ...reporters, ...args], {
    cwd: root,
    stdio: "inherit",
  });
  const text = read(file);
  return { status, report: text === undefined ? undefined : JSON.parse(text) };
});
counts = summarize({ checks: checks.length, failedChecks, runs, everything });
if (counts.skipped > 0) console.log(`${counts.skipped} skipped: a tool they need is missing here`);
process.exitCode = counts.failed === 0 ? 0 : 1;
