// `npm test [-- paths]`: sets up what is missing, then types, format and lint, and all tests.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, checkNode, install } from "./setup.mjs";
import { bin, root } from "./workspace.mjs";

checkNode();
install();
build();

const paths = process.argv.slice(2);
const report = join(root, "node_modules", ".cache", "chainrule-tests.json");
mkdirSync(join(root, "node_modules", ".cache"), { recursive: true });
rmSync(report, { force: true });

const checks = [
  ["types of the tests", bin("tsc"), ["-p", "test"]],
  ["format and lint", bin("biome"), ["check", "--diagnostic-level=warn", "--error-on-warnings"]],
];
let failedChecks = 0;
for (const [what, command, args] of checks) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  console.log(`${status === 0 ? "✓" : "✗"} ${what}`);
  if (status !== 0) failedChecks++;
}
const { status } = spawnSync(
  bin("vitest"),
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...paths],
  { cwd: root, stdio: "inherit" },
);

let passed = checks.length - failedChecks;
let failed = failedChecks;
let skipped = 0;
try {
  const results = JSON.parse(readFileSync(report, "utf8"));
  passed += results.numPassedTests;
  // A file that does not even load counts as one failure.
  const broken = results.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  failed += results.numFailedTests + broken.length;
  skipped = results.numPendingTests + results.numTodoTests;
} catch {
  failed++;
}
if (status !== 0 && failed === 0) failed++;
// Where every tool must be present, a test that did not run did not pass.
if (process.env.CHAINRULE_REQUIRE_TOOLS === "1" && skipped > 0) failed += skipped;
else if (skipped > 0) console.log(`${skipped} skipped: a tool they need is not on this machine`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
