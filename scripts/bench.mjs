// `npm run bench [-- NAME …]`: sets up what is missing, then runs the benchmarks named, or all.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build, checkNode, install } from "./setup.mjs";
import { root } from "./workspace.mjs";

checkNode();
install();
build();
const folder = join(root, "bench");
const all = readdirSync(folder).filter((name) => existsSync(join(folder, name, "main.ts")));
const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : all) {
  if (!all.includes(name)) {
    console.error(`bench: the name must be one of ${all.join(", ")}, got ${name}`);
    process.exit(2);
  }
  console.log(`# ${name}`);
  const { status } = spawnSync(
    process.execPath,
    ["--expose-gc", "--max-old-space-size=8192", "--import", "tsx", join(folder, name, "main.ts")],
    { cwd: root, stdio: "inherit" },
  );
  if (status !== 0) process.exitCode = 1;
}
