// The reference of everything that packages export; entries are read from their manifests.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

const folders = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name));
const packages = folders
  .filter((folder) => existsSync(join(folder, "package.json")))
  .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }))
  .filter((manifest) => manifest.private !== true);

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  name: "chainrule",
  entryPoints: packages.flatMap(({ folder, exports = {} }) =>
    Object.values(exports)
      .flatMap((entry) => entry["@chainrule/source"] ?? [])
      .map((source) => join(folder, source)),
  ),
  tsconfig: join(root, "scripts", "reference", "tsconfig.json"),
  out: join(root, "docs", "api"),
  readme: "none",
  excludePrivate: true,
  excludeInternal: true,
  // Sources have no public address; a link to nowhere is worse than none.
  disableSources: true,
  // Types are checked by the project's own compiler; this one is older.
  skipErrorChecking: true,
  validation: { notExported: false, invalidLink: true, invalidPath: true, notDocumented: false },
  requiredToBeDocumented: ["Class", "Function", "Interface", "TypeAlias", "Variable"],
  packagesRequiringDocumentation: packages.map(({ name }) => name),
};
