// Brings a fresh clone to the point where it runs: dependencies, then the build. Each is done again
// only when what it depends on has changed. Plain Node without dependencies.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the workspace. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** The package manager, pinned; it refuses to run install scripts unless told otherwise. */
export const PNPM = "pnpm@10.34.9";

/** Node 20.19 is the first with `require` of modules that vite 8 needs. */
const OLDEST = [20, 19];

/** Stops with one line when Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  console.error(
    `chainrule: Node must be ${OLDEST.join(".")} or newer, got ${process.versions.node}`,
  );
  process.exit(1);
}

/** Installs dependencies unless the last whole installation was of this very lock file. */
export function install() {
  const stamp = join(root, "node_modules", ".chainrule-installed");
  const manifests = packageFolders().map((folder) => join(folder, "package.json"));
  const wanted = digest(
    ["pnpm-lock.yaml", "package.json"].map((name) => join(root, name)).concat(manifests),
  );
  if (read(stamp) === wanted) return;
  console.error("chainrule: installing dependencies …");
  rmSync(stamp, { force: true });
  run("npx", ["-y", PNPM, "install", "--frozen-lockfile"], "installing dependencies");
  writeFileSync(stamp, wanted);
}

/** Compiles the packages unless no source has changed since the last whole build. */
export function build() {
  const stamp = join(root, "node_modules", ".chainrule-built");
  const wanted = sourcesStamp();
  if (read(stamp) === wanted && packageFolders().every((folder) => hasBuild(folder))) return;
  console.error("chainrule: building …");
  rmSync(stamp, { force: true });
  // The build info of a folder that was cleaned by hand would claim it is up to date.
  const cleaned = packageFolders().filter((folder) => !existsSync(join(folder, "dist")));
  for (const folder of cleaned) rmSync(join(folder, "tsconfig.tsbuildinfo"), { force: true });
  run(join(root, "node_modules", ".bin", "tsc"), ["-b"], "building");
  for (const folder of packageFolders()) prune(folder);
  writeFileSync(stamp, wanted);
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

/** Runs a command quietly; shows what it printed, and stops, if it fails. */
function run(command, args, what) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    // Without a terminal nobody can answer whether a half-made folder may be replaced: it may.
    env: { ...process.env, CI: "1" },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return;
  console.error(`${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`);
  console.error(`chainrule: ${what} must succeed, got exit code ${status}`);
  process.exit(1);
}

function packageFolders() {
  const folder = join(root, "packages");
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, "package.json")));
}

function hasBuild(folder) {
  return !existsSync(join(folder, "tsconfig.json")) || existsSync(join(folder, "dist"));
}

function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function digest(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(path).update(read(path) ?? "");
  return hash.digest("hex");
}

/** Path, size and time of every source: cheap to read, and any edit changes it. */
function sourcesStamp() {
  const hash = createHash("sha256");
  const open = packageFolders().flatMap((folder) => [
    join(folder, "src"),
    join(folder, "tsconfig.json"),
    join(folder, "package.json"),
  ]);
  open.push(join(root, "tsconfig.json"), join(root, "tsconfig.base.json"));
  while (open.length > 0) {
    const path = open.pop();
    if (!existsSync(path)) continue;
    const { mtimeMs, size } = statSync(path);
    if (!statSync(path).isDirectory()) hash.update(`${path} ${mtimeMs} ${size}\n`);
    else for (const name of readdirSync(path).sort()) open.push(join(path, name));
  }
  return hash.digest("hex");
}
