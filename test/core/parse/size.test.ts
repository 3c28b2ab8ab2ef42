import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";

/** The code of a module and all it needs, as a page would load it. */
async function bundle(path: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`../../../packages/core/src/${path}`, import.meta.url))],
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    logLevel: "error",
  });
  return result.outputFiles[0]?.text ?? "";
}

/** mathjs's parser alone is 6.1 KB compressed, with our nodes 6.6; its own nodes would add 100. */
const PARSER_LIMIT = 8_000;

describe("what a page loads", () => {
  test("of mathjs is its parser alone", async () => {
    const code = await bundle("parse/mathjs.ts");
    expect(gzipSync(code, { level: 9 }).length).toBeLessThan(PARSER_LIMIT);
    expect(code).toContain("Unexpected operator");
  });

  test("of parse has no mathjs but that", async () => {
    const code = await bundle("parse/index.ts");
    expect(code).not.toMatch(/typed-function|createTyped|BigNumber/);
  });
});
