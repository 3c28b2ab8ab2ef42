// `node bench/gradbench/main.js`: a tool of GradBench, on standard input and output. Builds the workspace where it is not
// built; the sources here are TypeScript, which tsx strips while they load.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";
import { build } from "../../scripts/build.mjs";

const built = ["core", "compile"].map((name) => `../../packages/${name}/dist/index.js`);
if (!built.every((path) => existsSync(fileURLToPath(new URL(path, import.meta.url))))) build();
register();
const { serve } = await import("./serve.ts");
await serve(process.stdin, process.stdout);
