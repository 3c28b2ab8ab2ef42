import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "@chainrule/compile";
import { grad, matmul, Program, square, sub, sum, tanh, variable } from "@chainrule/core";
import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

describe("memory", () => {
  it("is not allocated by calls whose arrays fit as they are", () => {
    const x = variable("x", ["n", 8], "f32");
    const rate = variable("rate", [], "f32");
    const w = variable("w", [8, 4], "f32");
    const loss = sum(square(tanh(matmul(x, w))));
    const step = new Program({
      definitions: { loss, out: tanh(matmul(x, w)) },
      variables: { x, w, rate },
      updates: new Map([[w, sub(w, grad(loss, w).mul(rate))]]),
    });
    const f = compile(step);
    f({ x: new Float32Array(128), w: new Float32Array(32), rate: 0.1 });
    const targets = { loss: new Float32Array(1), out: new Float32Array(64) };
    const given = { x: new Float32Array(128), rate: Float32Array.of(0.25) };
    const calls = 20_000;
    const work = (): void => {
      for (let i = 0; i < calls; i++) {
        given.x[0] = i;
        f.into(targets, given);
        f.run();
      }
    };
    work();
    const collect = globalThis.gc as () => void;
    collect();
    const before = process.memoryUsage();
    work();
    const after = process.memoryUsage();
    // The smallest object takes 16 bytes; other work of the process is far below 4 bytes a call.
    expect(after.heapUsed - before.heapUsed).toBeLessThan(calls * 4);
    // Fewer if arrays of other tests went in the meantime.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(calls);
  });

  it("stays flat over 10,000 programs that are compiled, run and dropped", () => {
    const folder = mkdtempSync(join(tmpdir(), "chainrule-cycles-"));
    try {
      const outfile = join(folder, "cycles.mjs");
      buildSync({
        entryPoints: [join(root, "test/compile/executable/cycles.ts")],
        bundle: true,
        platform: "node",
        format: "esm",
        conditions: ["@chainrule/source"],
        outfile,
      });
      const flags = ["--expose-gc", "--max-old-space-size=128"];
      const child = spawnSync(process.execPath, [...flags, outfile], { encoding: "utf8" });
      expect(child.status, child.stderr).toBe(0);
      const { early, late } = JSON.parse(child.stdout) as Record<string, Record<string, number>>;
      const grown = (key: string): number => (late?.[key] as number) - (early?.[key] as number);
      // A single kilobyte kept by each of the 8000 programs between would be 8 MB.
      expect(grown("heapUsed")).toBeLessThan(4e6);
      expect(grown("external")).toBeLessThan(4e6);
      expect(grown("rss")).toBeLessThan(64e6);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
