// Sources to what is published. Plain Node; the compiler and the bundler are dependencies.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { bin, packageFolders, read, root, run } from "./workspace.mjs";

/** Compiles the packages unless no source has changed since the last whole build. */
export function build() {
  const stamp = join(root, "node_modules", ".chainrule-built");
  const wanted = sourcesStamp();
  const whole = packageFolders().every(hasBuild) && holdsParser() && isForPages();
  if (read(stamp) === wanted && whole) return;
  console.error("chainrule: building …");
  rmSync(stamp, { force: true });
  // The build info of a folder that was cleaned by hand would claim it is up to date.
  const cleaned = packageFolders().filter((folder) => !existsSync(join(folder, "dist")));
  for (const folder of cleaned) rmSync(join(folder, "tsconfig.tsbuildinfo"), { force: true });
  run(bin("tsc"), ["-b"], "building");
  for (const folder of packageFolders()) prune(folder);
  bundleParser();
  bundleForPages();
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

const pages = join(root, "packages", "cli", "dist", "browser.js");
const licences = pages.replace(/\.js$/, ".licences.txt");

const pagesNotice =
  "/*! chainrule, MIT. Licences of what it holds: browser.licences.txt, in the same folder. */";

function isForPages() {
  return (read(pages) ?? "").startsWith(pagesNotice) && existsSync(licences);
}

/** Puts all that `chainrule/browser` imports into its one module: pages without a build step can load it. */
function bundleForPages() {
  const source = join(root, "packages", "cli", "src", "browser.ts");
  const metafile = join(root, "node_modules", ".cache", "browser.json");
  const options = ["--bundle", "--minify", "--format=esm", "--platform=browser", "--charset=utf8"];
  const output = [`--outfile=${pages}`, `--metafile=${metafile}`, "--legal-comments=eof"];
  const external = ["--external:node:*"];
  run(
    bin("esbuild"),
    [source, ...options, ...output, ...external, `--banner:js=${pagesNotice}`],
    "bundling for pages",
  );
  rmSync(`${pages}.map`, { force: true });
  writeFileSync(licences, licenceTexts(Object.keys(JSON.parse(read(metafile)).inputs)));
}

/** Names, versions and licences, with their texts, of the packages that files belong to. */
function licenceTexts(files) {
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []),
  );
  const texts = [...folders].sort().map((folder) => {
    const path = join(root, folder);
    const { name, version, license } = JSON.parse(read(join(path, "package.json")));
    const text = readdirSync(path).find((file) => /^licen[cs]e/i.test(file));
    return `${name} ${version}, ${license}\n\n${text === undefined ? "" : read(join(path, text))}`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/** Path, size and time of every source: cheap to read, and any edit changes it. */
export function sourcesStamp() {
  const hash = createHash("sha256");
  const open = packageFolders().flatMap((folder) => [
    join(folder, "src"),
    join(folder, "tsconfig.json"),
    join(folder, "package.json"),
    // The studio is more than its sources.
    ...["build", "public", "index.html", "vite.config.ts"].map((name) => join(folder, name)),
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
