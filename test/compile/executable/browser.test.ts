import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile, exportModule } from "@chainrule/compile";
import { type Expr, grad, matmul, square, sum, tanh, variable } from "@chainrule/core";
import { buildSync } from "esbuild";
import { expect, it } from "vitest";
import { openPage } from "../../support/openPage.ts";
import { describeWith } from "../../support/requireTool.ts";

const html = '<!doctype html><title>page</title><script type="module" src="page.js"></script>';

/** A script of this folder with all it imports, as a page loads it. */
function bundled(name: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    bundle: true,
    format: "esm",
    conditions: ["@chainrule/source"],
    external: ["node:*"],
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

const x = variable("x", ["n", 3]);
const w = variable("w", [3, 2]);
const loss = sum(square(tanh(matmul(x, w)))) as Expr;
const parts = { inputs: { x, w }, outputs: { loss, slope: grad(loss, w) } };
const values = {
  x: Float64Array.from({ length: 12 }, (_, i) => Math.sin(i)),
  w: Float64Array.from({ length: 6 }, (_, i) => Math.cos(i)),
};
const expected = compile(parts)(values)["loss"] as number;

describeWith("chromium", "in a page", () => {
  it("compiles under script-src 'self' 'wasm-unsafe-eval'; names compileAsync for what is large", async () => {
    const policy = "script-src 'self' 'wasm-unsafe-eval'";
    const files = { "index.html": html, "page.js": bundled("page.ts") };
    const found = JSON.parse((await openPage({ files, policy })).posted);
    expect(found).toMatchObject({ engine: "webassembly", reasons: [], large: 2 ** 20 + 1 });
    expect(found.loss).toBeCloseTo(expected, 12);
    expect(found.async).toBe(found.loss);
    expect(found.moduleBytes).toBeGreaterThan(8 * 2 ** 20);
    expect(found.refusal).toMatch(
      /^compile: this thread takes only small modules at once, use compileAsync; got 8\d{6} bytes \(.*8MB/,
    );
  }, 120_000);

  it("interprets where the policy forbids modules, and says so", async () => {
    const files = { "index.html": html, "page.js": bundled("page.ts") };
    const found = JSON.parse((await openPage({ files, policy: "script-src 'self'" })).posted);
    expect(found.engine).toBe("interpreter");
    expect(found.loss).toBeCloseTo(expected, 12);
    expect(found.reasons).toEqual([
      expect.stringMatching(/refuses WebAssembly modules \(.*Policy/i),
    ]);
  }, 120_000);

  it("runs a saved module with no compiler, its files side by side", async () => {
    const saved = exportModule(parts, { name: "saved", values: { w: values.w } });
    const script = `
import { load } from "./saved.js";
const model = await load();
const { loss, slope } = model({ x: ${JSON.stringify([...values.x])} });
fetch("/done", { method: "POST", body: JSON.stringify([loss, slope.length]) });
`;
    const files = { ...saved.files, "index.html": html, "page.js": script };
    const policy = "script-src 'self' 'wasm-unsafe-eval'";
    const [got, length] = JSON.parse((await openPage({ files, policy })).posted);
    expect(got).toBe(expected);
    expect(length).toBe(6);
  }, 120_000);

  it("shares work among threads where pages may share memory, and no bit depends on them", async () => {
    const worker = new URL("../../../packages/compile/threadWorker.mjs", import.meta.url);
    const files = {
      "index.html": html,
      "page.js": bundled("threadsPage.ts"),
      "threadWorker.mjs": readFileSync(worker),
    };
    const headers = {
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    };
    const policy = "script-src 'self' 'wasm-unsafe-eval'";
    const { posted, requested } = await openPage({ files, policy, headers });
    expect(requested.filter((path) => path === "threadWorker.mjs")).toHaveLength(2);
    expect(JSON.parse(posted)).toEqual({
      early: 0,
      late: 0,
      again: 0,
      shared: "SharedArrayBuffer",
    });
  }, 120_000);
});
