// `npm run examples [-- NAME …]`: sets up what is missing, then runs the examples named, or all, over ten seeds
// and writes examples/results.md; `claims` measures the claims of the lecture instead, `drawings`
// draws what some examples found.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build, checkNode, install } from "./setup.mjs";
import { root } from "./workspace.mjs";

checkNode();
install();
build();
const names = process.argv.slice(2);
const parts = ["claims", "drawings"];
const part = parts.find((name) => name === names[0]);
const main = join(root, "examples", part ?? "", "main.ts");
const { status } = spawnSync(
  process.execPath,
  ["--import", "tsx", main, ...(part === undefined ? names : names.slice(1))],
  {
    cwd: root,
    stdio: "inherit",
  },
);
process.exitCode = status ?? 1;
