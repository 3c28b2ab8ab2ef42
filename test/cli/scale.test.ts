import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { describeWith } from "../support/requireTool.ts";
import { data, model } from "./fixtures/scaleModel.ts";
import { chainrule } from "./support/chainrule.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-scale-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = fileURLToPath(new URL("fixtures/scaleModel.ts", import.meta.url));

const scale = (...words: readonly string[]) => chainrule("scale", ...words);

describe("scale", () => {
  it.each([
    [["/no/model.mjs", "--processes", "2"], "scale: MODEL must be a module, got no file"],
    [[fixture, "--processes", "0"], "must be at least 1."],
    [[fixture], "required option '--processes <n>' not specified"],
    [[fixture, "--processes", "2", "--nodes", "2"], "torch: 2 machines must meet somewhere"],
    [
      [fixture, "--processes", "2", "--resume", "/no/such"],
      "scale: --resume must be a checkpoint, got no file /no/such",
    ],
    [
      [fixture, "--processes", "2", "--python", "/no/python"],
      "torch: a Python with PyTorch 1.13 or newer must be there, got none\n  /no/python: no such program",
    ],
  ])("%j is wrong use", async (args, told) => {
    const { code, error } = await scale(...args);
    expect(code).toBe(2);
    expect(error).toContain(told);
  });

  it("asks for a trainer and its examples", async () => {
    const empty = join(folder, "empty.mjs");
    writeFileSync(empty, "export const model = 3;\n");
    expect((await scale(empty, "--processes", "1")).error).toContain(
      "must export a trainer as model, got number",
    );
  });
});

describeWith("torch", "scale by PyTorch", () => {
  it("trains on two processes, shows every epoch, and writes what the trainer loads", async () => {
    const first = join(folder, "first.safetensors");
    const start = model.checkpoint();
    const { code, out, error } = await scale(fixture, "--processes=2", "--epochs=2", "-o", first);
    expect(error).toBe("");
    expect(code).toBe(0);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^epoch 1 {2}loss [\d.]+ {2}accuracy [\d.]+ {2}[\d.]+ s$/);
    expect(lines.at(-1)).toBe(`${first}: epoch 2, 4 steps`);
    expect(existsSync(first)).toBe(true);

    // The same by our own engine, from the same start.
    const own = model;
    await own.load(first);
    const trained = own.get("dense.weight").data.slice();
    own.restore(start);
    await own.train(data, { epochs: 2 });
    for (const [i, weight] of own.get("dense.weight").data.entries()) {
      expect(trained[i]).toBeCloseTo(weight, 9);
    }

    const second = join(folder, "second.safetensors");
    const again = await scale(
      fixture,
      "--processes=1",
      "--epochs=1",
      "--resume",
      first,
      "-o",
      second,
    );
    expect(again.out).toContain(`from epoch 2 of ${first}\nepoch 3 `);
    expect(again.out).toContain(`${second}: epoch 3, 6 steps`);
  });
});
