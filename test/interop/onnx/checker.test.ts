import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Expr, grad, Program, sum } from "@chainrule/core";
import { toOnnx } from "@chainrule/interop/onnx";
import { afterAll, beforeAll, expect, it } from "vitest";
import { controlSamples } from "../../support/controlSamples.ts";
import { bindingsOf } from "../../support/points.ts";
import { describeWith } from "../../support/requireTool.ts";
import { samples } from "../../support/samples.ts";
import { everyElementwise } from "./elementwisePrograms.ts";

describeWith("onnx", "models before ONNX's own checker", () => {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-onnx-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const tensors = [...Object.entries(samples), ...Object.entries(controlSamples)].flatMap(
    ([name, makes]) => makes.map((make, i) => [`${name} ${i}`, withGradient(make())] as const),
  );
  const programs = [...tensors, ...everyElementwise];
  const errors = new Map<string, string>();

  beforeAll(() => {
    const paths = programs.map(([, program], i) => {
      const path = join(folder, `${i}.onnx`);
      writeFileSync(path, toOnnx(program));
      return path;
    });
    for (const { path, error } of checked(paths)) errors.set(path, error);
  }, 60_000);

  it.each(programs.map(([name], i) => [name, i] as const))("%s", (_name, i) => {
    expect(errors.get(join(folder, `${i}.onnx`))).toBeUndefined();
  });
});

/** What ONNX says against models, by their paths. */
function checked(paths: readonly string[]): readonly { path: string; error: string }[] {
  const script = join(import.meta.dirname, "check.py");
  const { stdout, stderr, status } = spawnSync(
    "sh",
    ["-c", `exec $(command -v -p python3) ${script}`],
    {
      input: JSON.stringify(paths),
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { path: string; error: string });
}

/** An expression and its derivatives, as one program. */
function withGradient(output: Expr): Program {
  const wrt = [...bindingsOf([output], 1).keys()];
  const derived = output.dtype === "f64" && wrt.length > 0 ? grad(sum(output), wrt) : [];
  const definitions = Object.fromEntries(derived.map((node, i) => [`d${i}`, node]));
  return new Program({ definitions: { y: output, ...definitions } });
}
