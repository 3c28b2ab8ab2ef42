// `npm run examples [-- NAME …]`: sets up what is missing, then runs the examples named, or all, over ten seeds
// and writes examples/results.md; `claims` measures the claims of the lecture instead.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build, checkNode, install } from "./setup.mjs";
import { root } from "./workspace.mjs";

checkNode();
install();
build();
const names = process.argv.slice(2);
const claims = names[0] === "claims";
const main = join(root, "examples", ...(claims ? ["claims"] : []), "main.ts");
const { status } = spawnSync(
  process.execPath,
  ["--import", "tsx", main, ...(claims ? names.slice(1) : names)],
  {
    cwd: root,
    stdio: "inherit",
  },
);
process.exitCode = status ?? 1;
