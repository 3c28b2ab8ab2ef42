// `npm start [-- args]`: sets up what is missing, then runs the command with the arguments.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, checkNode, install } from "./setup.mjs";
import { buildStudio } from "./studio.mjs";
import { root } from "./workspace.mjs";

checkNode();
install();
build();
if (process.argv[2] === "studio") buildStudio();
const main = join(root, "packages", "cli", "dist", "main.js");
process.argv = [process.argv[0], main, ...process.argv.slice(2)];
await import(pathToFileURL(main).href);
