import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PNPM } from "../../scripts/setup.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the tests read of a `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** A package that goes to the registry. */
export interface Published {
  readonly path: string;
  readonly manifest: Manifest;
  /** Specifiers a user may import. */
  readonly entries: readonly string[];
}

/** Every package of the workspace that is not private. */
export const published: readonly Published[] = readdirSync(join(root, "packages"))
  .map((name) => join(root, "packages", name))
  .filter((path) => existsSync(join(path, "package.json")))
  .map((path) => {
    const text = readFileSync(join(path, "package.json"), "utf8");
    const manifest = JSON.parse(text) as Manifest;
    const entries = Object.keys(manifest.exports ?? {})
      .filter((entry) => entry !== "./package.json")
      .map((entry) => manifest.name + entry.slice(1));
    return { path, manifest, entries };
  })
  .filter(({ manifest }) => manifest.private !== true);

/** Packs all packages as they would be published; the tarballs' paths by package name. */
export function packAll(folder: string): ReadonlyMap<string, string> {
  const filters = published.flatMap(({ manifest }) => ["--filter", manifest.name]);
  const command = ["-y", PNPM, "-r", ...filters, "pack", "--pack-destination", folder];
  execFileSync("npx", command, { cwd: root, stdio: "pipe" });
  return new Map(
    published.map(({ manifest: { name, version } }) => [
      name,
      join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`),
    ]),
  );
}
