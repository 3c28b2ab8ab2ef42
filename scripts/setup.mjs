// Brings a fresh clone to the point where it runs: dependencies, then the build. Each is done again
// only when what it depends on has changed. Plain Node without dependencies.
import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolders, read, root, run } from "./workspace.mjs";

export { build } from "./build.mjs";

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

/** Installs dependencies unless the last whole installation was of these very manifests. */
export function install() {
  const stamp = join(root, "node_modules", ".chainrule-installed");
  const wanted = manifestsStamp();
  if (read(stamp) === wanted) return;
  console.error("chainrule: installing dependencies …");
  rmSync(stamp, { force: true });
  run("npx", ["-y", PNPM, "install", "--frozen-lockfile"], "installing dependencies");
  writeFileSync(stamp, wanted);
}

function manifestsStamp() {
  const names = ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"];
  const paths = names.map((name) => join(root, name));
  for (const folder of packageFolders()) paths.push(join(folder, "package.json"));
  const hash = createHash("sha256");
  for (const path of paths) hash.update(path).update(read(path) ?? "");
  return hash.digest("hex");
}
