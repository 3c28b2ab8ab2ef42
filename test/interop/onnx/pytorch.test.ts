import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Expr, evaluate, grad, Program, Tensor, variable } from "@chainrule/core";
import { fromOnnx, type OnnxModel, toOnnx } from "@chainrule/interop/onnx";
import { adam, crossEntropy, trainer } from "@chainrule/nn";
import { toDot } from "@chainrule/render";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWith } from "../../support/requireTool.ts";
import { fromRuntime, sessionOf, toRuntime } from "./runOnnx.ts";

const script = fileURLToPath(new URL("exportModels.py", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "chainrule-pytorch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Stored {
  readonly shape: readonly number[];
  readonly dtype: "f64" | "f32" | "i32";
  readonly data: readonly number[];
}

/** What PyTorch says of a model. */
interface Told {
  readonly x: Stored;
  readonly y: Stored;
  readonly target?: Stored;
  readonly gradients?: Readonly<Record<string, Stored>>;
  readonly losses?: readonly number[];
  readonly trained?: Readonly<Record<string, Stored>>;
}

const arrays = { f64: Float64Array, f32: Float32Array, i32: Int32Array } as const;

function tensorOf({ shape, dtype, data }: Stored): Tensor {
  return new Tensor(shape, arrays[dtype].from(data), dtype);
}

function read(name: string): { readonly bytes: Uint8Array; readonly told: Told } {
  return {
    bytes: readFileSync(join(folder, `${name}.onnx`)),
    told: JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Told,
  };
}

function near(given: Tensor, wanted: Stored, tolerance: number): void {
  expect(given.shape).toEqual(wanted.shape);
  let worst = 0;
  for (const [i, value] of wanted.data.entries()) {
    const distance = Math.abs((given.data[i] as number) - value);
    worst = Math.max(worst, distance / Math.max(1, Math.abs(value)));
  }
  expect(worst).toBeLessThanOrEqual(tolerance);
}

/** Values of a model's weights and of its input. */
function values({ program }: OnnxModel, x: Stored): Record<string, never> {
  return { ...program.values, x: tensorOf(x) } as never;
}

const all = ["mlp", "mlpF32", "resnet18", "lstm", "lstmBoth", "gru", "rnn", "gpt2"] as const;
const further = ["encoder", "mixed", "picture", "indices"] as const;
const tolerance = (name: string): number => (name.endsWith("F32") ? 1e-5 : 1e-10);

describeWith("torch", "models that PyTorch exports", () => {
  beforeAll(() => {
    execFileSync("sh", ["-c", 'exec "$(command -v -p python3)" "$@"', "sh", script, folder], {
      stdio: ["ignore", "ignore", "pipe"],
    });
  }, 120_000);

  it.each([...all, ...further])("%s gives PyTorch's outputs", (name) => {
    const { bytes, told } = read(name);
    const model = fromOnnx(bytes);
    near(
      evaluate(model.outputs["y"] as Expr, values(model, told.x)) as Tensor,
      told.y,
      tolerance(name),
    );
  });

  it.each([...all, ...further])(
    "%s is exported again, and ONNX Runtime gives the same",
    async (name) => {
      const { bytes, told } = read(name);
      const { program, weights } = fromOnnx(bytes, { dtype: "f32" });
      const session = await sessionOf(toOnnx(program, { values: weights }), "all");
      const x = tensorOf(told.x);
      const dtype = told.x.dtype === "i32" ? "i32" : "f32";
      const given = dtype === "f32" ? new Tensor(x.shape, Float32Array.from(x.data), "f32") : x;
      const results = await session.run({ x: toRuntime(given, dtype) });
      await session.release();
      near(fromRuntime(results["y"] as never), told.y, 1e-4);
    },
  );

  it.each(all)("%s has PyTorch's gradients", (name) => {
    const { bytes, told } = read(name);
    const model = fromOnnx(bytes);
    const { gradients = {}, target } = told as Required<Told>;
    const names = Object.keys(gradients);
    expect(model.trainable).toEqual(expect.arrayContaining(names));
    const output = model.outputs["y"] as Expr;
    const loss = crossEntropy(output, variable("target", output.shape.slice(0, -1), "i32"));
    const wrt = names.map((key) => model.program.variables[key] as Expr);
    const given = { ...values(model, told.x), target: tensorOf(target) };
    const found = evaluate(grad(loss, wrt), given as never) as readonly Tensor[];
    for (const [i, key] of names.entries()) {
      near(found[i] as Tensor, gradients[key] as Stored, tolerance(name));
    }
  });

  it.each(all)("%s is trained for ten steps as PyTorch does", (name) => {
    const { bytes, told } = read(name);
    const { losses = [], trained = {}, target } = told as Required<Told>;
    const { x } = told;
    const t = trainer(fromOnnx(bytes).layer(), {
      input:
        x.dtype === "i32"
          ? { shape: ["batch", ...x.shape.slice(1)], dtype: "i32" }
          : ["batch", ...x.shape.slice(1)],
      loss: crossEntropy,
      optimizer: adam({ rate: 0.01 }),
      dtype: x.dtype === "f32" ? "f32" : "f64",
      seed: 1,
    } as never);
    const examples = { inputs: tensorOf(x), targets: tensorOf(target) };
    for (const loss of losses) {
      expect(Math.abs(t.step(examples).loss - loss)).toBeLessThanOrEqual(tolerance(name));
    }
    for (const [key, wanted] of Object.entries(trained)) {
      // Adam divides by gradients that may be all but nothing: their digits are the weights'.
      near(t.get(key), wanted, name.endsWith("F32") ? 1e-3 : 1e-8);
    }
  });

  it("keeps modules for drawings, and weights under PyTorch's names", () => {
    const { program, trainable, producer } = fromOnnx(read("resnet18").bytes);
    expect(producer).toBe("pytorch");
    expect(trainable).toContain("layers.1.0.downsample.0.weight");
    expect(trainable).not.toContain("bn1.running_mean");
    const scopes = new Set([...program.scopes.values()].map((path) => path.join("/")));
    expect(scopes).toContain("layers/layers.1/layers.1.0/downsample/downsample.0");
    expect(toDot(program)).toContain("downsample");
  });
});

describe("what PyTorch wrote once", () => {
  it("is read where there is no PyTorch", () => {
    // Made by exportModels.py with PyTorch 1.13: Linear(2, 2) without bias, weights 1, 2, 3, 4.
    const golden = readFileSync(new URL("linear.onnx", import.meta.url));
    const { program, outputs } = fromOnnx(golden);
    expect(program).toBeInstanceOf(Program);
    const x = new Tensor([1, 2], Float32Array.of(1, 1));
    const y = evaluate(outputs["y"] as Expr, { ...program.values, x } as never) as Tensor;
    expect([...y.data]).toEqual([3, 7]);
  });
});
