// The workspace as its scripts see it. Plain Node without dependencies.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the workspace. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** The folders of its packages. */
export function packageFolders() {
  const folder = join(root, "packages");
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, "package.json")));
}

/** A file's text, `undefined` where there is none. */
export function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** A command that the dependencies bring. */
export const bin = (name) => join(root, "node_modules", ".bin", name);

/** Runs a command quietly; shows what it printed, and stops, if it fails. */
export function run(command, args, what) {
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
