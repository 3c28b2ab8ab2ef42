// The corpus of the character transformer: the prose of the project's documentation, pages and docstrings, as it is now.
// corpus.txt is frozen, so that results can be compared; this says how it was made. Run by `node examples/data/makeCorpus.mjs`.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Files below a folder, by path. */
function filesBelow(folder, suffix) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((path) => path.endsWith(suffix))
    .sort()
    .map((path) => readFileSync(join(root, folder, path), "utf8"));
}

const pages = ["README.md", "examples/README.md"].map((path) =>
  readFileSync(join(root, path), "utf8"),
);
const prose = [...pages, ...filesBelow("docs", ".md")].flatMap((text) =>
  text
    .replace(/```[\s\S]*?```/g, "")
    .split(/\n\s*\n/)
    .filter((part) => !part.trimStart().startsWith("|")),
);
const packages = readdirSync(join(root, "packages")).sort();
const docstrings = packages
  .flatMap((name) => filesBelow(`packages/${name}/src`, ".ts"))
  .flatMap((text) => text.match(/\/\*\*[\s\S]*?\*\//g) ?? [])
  .map((text) => text.replace(/^\/\*\*|\*\/$/g, "").replace(/^\s*\* ?/gm, ""));

const plain = { "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "−": "-", "…": "...", "·": "*" };
const lines = [...prose, ...docstrings].map((text) =>
  text
    .replace(/[’‘“”–−…·]/g, (sign) => plain[sign])
    .replace(/\s+/g, " ")
    .trim(),
);
// Lines of signs beyond ASCII are formulas for the most part.
const kept = [...new Set(lines)].filter((line) => line.length > 20 && /^[ -~]+$/.test(line));
writeFileSync(new URL("corpus.txt", import.meta.url), `${kept.join("\n")}\n`);
