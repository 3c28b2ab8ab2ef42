import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

const resolveDir = fileURLToPath(new URL(".", import.meta.url));

/** The libraries that a bundle for browsers holds. */
async function librariesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: `import * as all from "${entry}"; console.log(all);`, resolveDir },
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["@chainrule/source"],
    write: false,
    metafile: true,
    outdir: "out",
    external: ["node:*"],
    logLevel: "silent",
  });
  const names = Object.keys(metafile.inputs).flatMap(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  return [...new Set(names)].sort();
}

it("draws without what sets formulas and makes PNG", async () => {
  expect(await librariesOf("@chainrule/render/picture")).toEqual(["@dagrejs/dagre"]);
});

it("sets formulas without what lays out graphs", async () => {
  expect(await librariesOf("@chainrule/render/mathml")).toEqual(["temml"]);
});
