// `npm run examples [-- NAME …]`: sets up what is missing, then runs the examples named, or all, over ten seeds
// and writes examples/results.md.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build, checkNode, install } from "./setup.mjs";
import { root } from "./workspace.mjs";

checkNode();
install();
build();
const main = join(root, "examples", "main.ts");
const { status } = spawnSync(
  process.execPath,
  ["--import", "tsx", main, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: "inherit",
  },
);
process.exitCode = status ?? 1;
