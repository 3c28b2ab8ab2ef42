import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packAll, published } from "./support/published.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "chainrule-packages-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let tarballs: ReadonlyMap<string, string> = new Map();
beforeAll(() => {
  tarballs = packAll(folder);
}, 120_000);

describe.each(published)("$manifest.name", ({ path, manifest }) => {
  const tarball = () => Uint8Array.from(readFileSync(tarballs.get(manifest.name) ?? ""));
  const inside = `/node_modules/${manifest.name}/`;

  it("is sound for publint", async () => {
    const { messages, pkg } = await publint({ pack: { tarball: tarball().buffer }, strict: true });
    const told = messages.map((message) => formatMessage(message, pkg ?? {}) ?? message.code);
    expect(told).toEqual([]);
  });

  it("has types that resolve for every kind of importer", async () => {
    const result = await checkPackage(createPackageFromTarballData(tarball()));
    if (result.types === false) throw new Error(`${manifest.name}: types must be there`);
    // ESM only, by choice; resolution without exports maps (node10) is not supported.
    const kinds = result.problems
      .filter((problem) => {
        const kind = "resolutionKind" in problem ? problem.resolutionKind : undefined;
        return problem.kind !== "CJSResolvesToESM" && kind !== "node10";
      })
      .map((problem) => problem.kind);
    expect(kinds).toEqual([]);
  }, 60_000);

  it("holds the outputs of every source, and of none that is gone", () => {
    const paths = createPackageFromTarballData(tarball()).listFiles();
    const stems = (start: string, end: string) =>
      paths
        .filter((name) => name.startsWith(inside + start) && name.endsWith(end))
        .map((name) => name.slice(inside.length + start.length, -end.length))
        .sort();
    const sources = stems("src/", ".ts");
    expect(sources.length).toBeGreaterThan(0);
    expect(stems("dist/", ".js")).toEqual(sources);
    expect(stems("dist/", ".d.ts")).toEqual(sources);
  });

  it("names its siblings by version", () => {
    const text = createPackageFromTarballData(tarball()).readFile(`${inside}package.json`);
    expect(JSON.parse(text)).toMatchObject({ name: manifest.name, version: manifest.version });
    expect(text).not.toContain("workspace:");
  });

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
  it("parse without loading mathjs, which takes a second", () => {
    const tarball = readFileSync(tarballs.get("@chainrule/core") ?? "");
    const inside = createPackageFromTarballData(Uint8Array.from(tarball));
    const parser = "/node_modules/@chainrule/core/dist/parse/mathjs.js";
    expect(inside.readFile(parser)).not.toMatch(/from\s*"mathjs/);
  });

  const main = 'import * as core from "@chainrule/core"; console.log(core);';
  const little = 'import { grad, scalar } from "@chainrule/core"; console.log(grad, scalar);';
  const convolution = 'import { conv2d } from "@chainrule/core/conv"; console.log(conv2d);';
  /** The names of ops are texts, which minifiers leave alone. */
  const mark = '"convolution"';

  it("weigh less than 45 KB gzipped, the parser apart", async () => {
    const bytes = gzipSync(await bundle(main)).length;
    console.log(`@chainrule/core: ${(bytes / 1024).toFixed(1)} KB gzip, the whole main entry`);
    expect(bytes).toBeLessThan(45 * 1024);
  });

  it("hold the convolution only where it is used", async () => {
    const some = await bundle(little);
    expect(await bundle(convolution)).toContain(mark);
    expect(some).not.toContain(mark);
    console.log(`scalar and grad alone: ${(gzipSync(some).length / 1024).toFixed(1)} KB gzip`);
  });
});
