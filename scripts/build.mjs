// Sources to what is published. Plain Node; the compiler and the bundler are dependencies.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { bin, packageFolders, read, root, run } from "./workspace.mjs";

/** Compiles the packages unless no source has changed since the last whole build. */
export function build() {
  const stamp = join(root, "node_modules", ".chainrule-built");
  const wanted = sourcesStamp();
  const whole = packageFolders().every(hasBuild) && holdsParser();
  if (read(stamp) === wanted && whole) return;
  console.error("chainrule: building …");
  rmSync(stamp, { force: true });
  // The build info of a folder that was cleaned by hand would claim it is up to date.
  const cleaned = packageFolders().filter((folder) => !existsSync(join(folder, "dist")));
  for (const folder of cleaned) rmSync(join(folder, "tsconfig.tsbuildinfo"), { force: true });
  run(bin("tsc"), ["-b"], "building");
  for (const folder of packageFolders()) prune(folder);
  bundleParser();
  writeFileSync(stamp, wanted);
}

function hasBuild(folder) {
  return !existsSync(join(folder, "tsconfig.json")) || existsSync(join(folder, "dist"));
}

/** Removes the outputs of sources that are gone: nobody may import or publish them. */
function prune(folder) {
  const open = [join(folder, "dist")];
  while (open.length > 0) {
    const path = open.pop();
    if (!existsSync(path)) continue;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path)) open.push(join(path, name));
      continue;
    }
    const stem = relative(join(folder, "dist"), path).replace(/(?:\.d\.ts|\.js)(?:\.map)?$/, "");
    const sources = [".ts", ".tsx"].map((end) => join(folder, "src", stem + end));
    if (!sources.some((source) => existsSync(source))) rmSync(path);
  }
}

const parser = join(root, "packages", "core", "dist", "parse", "mathjs.js");
const notice =
  "/*! Holds the parser of mathjs, https://mathjs.org: Apache-2.0, Jos de Jong and contributors. */";

function holdsParser() {
  return (read(parser) ?? "").startsWith(notice);
}

/**
 * Puts mathjs's parser into the one module that uses it. To load mathjs takes 500 files and a second,
 * its parser alone a few milliseconds. A module bundled before comes out as it was.
 */
function bundleParser() {
  const options = ["--bundle", "--format=esm", "--external:./syntax.js", "--charset=utf8"];
  const output = [`--outfile=${parser}`, "--allow-overwrite", "--legal-comments=inline"];
  const banner = holdsParser() ? [] : [`--banner:js=${notice}`];
  run(bin("esbuild"), [parser, ...options, ...output, ...banner], "bundling the parser");
  rmSync(`${parser}.map`, { force: true });
}

/** Path, size and time of every source: cheap to read, and any edit changes it. */
function sourcesStamp() {
  const hash = createHash("sha256");
  const open = packageFolders().flatMap((folder) => [
    join(folder, "src"),
    join(folder, "tsconfig.json"),
    join(folder, "package.json"),
  ]);
  open.push(...["tsconfig.json", "tsconfig.base.json", "scripts"].map((name) => join(root, name)));
  while (open.length > 0) {
    const path = open.pop();
    if (!existsSync(path)) continue;
    const { mtimeMs, size } = statSync(path);
    if (!statSync(path).isDirectory()) hash.update(`${path} ${mtimeMs} ${size}\n`);
    else if (!path.endsWith("node_modules"))
      for (const name of readdirSync(path).sort()) open.push(join(path, name));
  }
  return hash.digest("hex");
}
