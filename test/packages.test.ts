import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "chainrule-packages-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly version: string;
}

const packages = readdirSync(join(root, "packages"))
  .filter((name) => existsSync(join(root, "packages", name, "package.json")))
  .map((name) => {
    const text = readFileSync(join(root, "packages", name, "package.json"), "utf8");
    return { path: join(root, "packages", name), manifest: JSON.parse(text) as Manifest };
  })
  .filter(({ manifest }) => manifest.private !== true);

/** Packs a package as it would be published; the path of the tarball. */
function pack(path: string): string {
  const before = new Set(readdirSync(folder));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: path });
  const made = readdirSync(folder).find((name) => !before.has(name));
  return join(folder, made as string);
}

describe.each(packages)("$manifest.name", ({ path, manifest }) => {
  it("is sound for publint", async () => {
    const { messages } = await publint({ pkgDir: path, pack: "npm", strict: true });
    // A source condition for the workspace itself comes first on purpose.
    const told = messages.map((message) => formatMessage(message, manifest) ?? message.code);
    expect(told).toEqual([]);
  });

  it("has types that resolve for every kind of importer", async () => {
    const tarball = readFileSync(pack(path));
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
    expect(result.types).not.toBe(false);
    const problems = result.types === false ? [] : result.problems;
    // ESM only, by choice; resolution without exports maps (node10) is not supported.
    const kinds = problems
      .filter((problem) => {
        const kind = "resolutionKind" in problem ? problem.resolutionKind : undefined;
        return problem.kind !== "CJSResolvesToESM" && kind !== "node10";
      })
      .map((problem) => problem.kind);
    expect(kinds).toEqual([]);
  }, 60_000);

  it("has a licence and a README", () => {
    expect(existsSync(join(path, "LICENSE"))).toBe(true);
    expect(existsSync(join(path, "README.md"))).toBe(true);
  });
});

/** A program bundled for browsers, as its minified text. */
async function bundle(text: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: join(root, "test"), loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    conditions: ["@chainrule/source"],
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

describe("bundles of @chainrule/core", () => {
  const everything = 'import * as core from "@chainrule/core"; console.log(core);';
  const little = 'import { grad, scalar } from "@chainrule/core"; console.log(grad, scalar);';
  /** Op names are texts that minifiers leave alone. */
  const marks = ['"conv"', '"conv2d"', '"convolution"'];

  it("weigh less than 45 KB gzipped, the parser apart", async () => {
    const bytes = gzipSync(await bundle(everything)).length;
    console.log(`@chainrule/core: ${(bytes / 1024).toFixed(1)} KB gzip, all of it`);
    expect(bytes).toBeLessThan(45 * 1024);
  });

  it("hold the convolution only where it is used", async () => {
    const all = await bundle(everything);
    const some = await bundle(little);
    const mark = marks.find((text) => all.includes(text));
    expect(mark, "the mark must stand in the whole bundle").toBeDefined();
    expect(some).not.toContain(mark);
    console.log(`scalar and grad alone: ${(gzipSync(some).length / 1024).toFixed(1)} KB gzip`);
  });
});
