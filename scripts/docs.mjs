// `npm run docs`: sets up what is missing, then writes the reference of all packages to docs/api.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { checkNode, install } from "./setup.mjs";
import { root } from "./workspace.mjs";

checkNode();
install();
const folder = join(root, "scripts", "reference");
const typedoc = join(folder, "node_modules", ".bin", "typedoc");
const options = ["--options", join(folder, "typedoc.config.mjs"), ...process.argv.slice(2)];
process.exitCode = spawnSync(typedoc, options, { cwd: root, stdio: "inherit" }).status ?? 1;
