import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { evaluate } from "@chainrule/core";
import { toJSON } from "@chainrule/core/json";
import { parse } from "@chainrule/core/parse";
import { fromOnnx } from "@chainrule/interop/onnx";
import { afterAll, describe, expect, it } from "vitest";
import { chainrule } from "./support/chainrule.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-export-"));
afterAll(() => rmSync(folder, { recursive: true }));

const trainer = fileURLToPath(new URL("fixtures/scaleModel.ts", import.meta.url));

const exported = (...words: readonly string[]) => chainrule("export", ...words);

describe("chainrule export", () => {
  it("writes each language's files under the name asked for", async () => {
    const made = { c: "c", ts: "ts", wasm: "wasm", onnx: "onnx", torch: "py", numpy: "py" };
    for (const [to, ending] of Object.entries(made)) {
      const path = join(folder, to, `loss.${ending}`);
      mkdirSync(join(folder, to));
      const { code, out, error } = await exported("L = c(a + 2b)", "--to", to, "-o", path);
      expect([to, error, code]).toEqual([to, "", 0]);
      const lines = readdirSync(join(folder, to)).map(
        (name) => `${join(folder, to, name)}: ${readFileSync(join(folder, to, name)).length} bytes`,
      );
      expect(out.trimEnd().split("\n").sort()).toEqual(lines.sort());
    }
    expect(readdirSync(join(folder, "c")).sort()).toEqual(["loss.c", "loss.h"]);
    expect(readdirSync(join(folder, "wasm"))).toContain("loss.wasm");
  });

  it("adds the derivatives of the result", async () => {
    const path = join(folder, "gradients.onnx");
    await exported("d = 2b; L = c(a + d)", "--to", "onnx", "--gradients", "-o", path);
    const { outputs } = fromOnnx(readFileSync(path));
    const at = { a: 3, b: 1, c: -2 };
    const values = Object.entries(outputs).map(([name, node]) => [
      name,
      evaluate(node, at, { extra: "allow" }),
    ]);
    expect(Object.fromEntries(values)).toEqual({ d: 2, L: -10, dL_da: -2, dL_db: -4, dL_dc: 5 });
  });

  it("prints what is one text", async () => {
    expect((await exported("-x^2", "--to", "ts")).out).toContain('"result"');
    expect((await exported("y = x^2", "--to", "numpy")).out).toContain("def program(x):");
    expect((await exported("y = x^2", "--to", "torch")).out).toContain("import torch");
  });

  it("reads texts, graphs and trainers from files", async () => {
    const text = join(folder, "model.txt");
    writeFileSync(text, "h = w x\ny = tanh(h)");
    const { out } = await exported(text, "--to", "numpy");
    const graph = join(folder, "model.json");
    writeFileSync(graph, JSON.stringify(toJSON(parse("y = tanh(w x)").definitions)));
    expect((await exported(graph, "--to", "numpy")).out).toContain("np.tanh");
    expect(out).toContain('"h"');
    const step = join(folder, "step.onnx");
    const training = await exported(trainer, "--to", "onnx", "--part", "training", "-o", step);
    expect([training.error, training.code]).toEqual(["", 0]);
    expect(Object.keys(fromOnnx(readFileSync(step)).outputs)).toContain("loss");
    expect((await exported(trainer, "--to", "torch")).out).toContain("class ");
  });

  const refused: readonly (readonly [readonly string[], string | RegExp])[] = [
    [["y = x"], "required option '--to <target>' not specified"],
    [["y = x", "--to", "svg"], "Allowed choices are onnx, torch, c, ts, wasm, numpy"],
    [["y = x", "--to", "c"], "-o must name a file for c, which is several files, got none"],
    [["y = x", "--to", "onnx"], "-o must name a file for onnx, which is no text, got none"],
    [["y = x", "--to", "onnx", "-o", "y.txt"], '-o must end in .onnx for onnx, got "y.txt"'],
    [["y = x", "--to", "ts", "-o", "my y.ts"], 'letters and digits, got "my y"'],
    [["y = (x", "--to", "ts"], 'line 1, column 7: expected ")"'],
    [[" ", "--to", "ts"], "there must be an expression, got none"],
    [["[x, 2x]", "--to", "ts", "--gradients"], "must be of a single number, got shape [2]"],
    [["y = x", "--to", "ts", "--part", "training"], "must go with --to onnx, got --to ts"],
    [["y = x", "--to", "onnx", "--part", "training", "-o", "y.onnx"], "must be of a trainer"],
    [["y = x", "--to", "onnx", "--opset", "18", "-o", "y.onnx"], "opset must be 17 or 21, got 18"],
    [["/no/model.mjs", "--to", "ts"], "export: MODEL must be a module, got no file"],
    [["/no/model.txt", "--to", "ts"], "the file must be readable, got ENOENT"],
    [[trainer, "--to", "c", "-o", "y.c"], "a trainer must go to onnx or torch, got --to c"],
    [[trainer, "--to", "torch", "--gradients"], "--gradients must be of an expression"],
    [["y = x", "--to", "ts", "-o", join(folder, "no", "y.ts")], "must be writable, got ENOENT"],
    ...["c", "ts", "wasm", "torch", "numpy", "onnx"].map(
      (to) =>
        [
          ["y = u(x)", "--functions", "u", "--to", to],
          /must have a (?:body|form)|every op must have/,
        ] as const,
    ),
  ];
  it.each(refused)("refuses %j", async (args, message) => {
    const { code, out, error } = await exported(...args);
    expect([code, out]).toEqual([2, ""]);
    if (typeof message === "string") expect(error).toContain(message);
    else expect(error).toMatch(message);
    expect(error).not.toContain("unexpected");
  });
});
