import { compile, compileAsync } from "@chainrule/compile";
import {
  ArgumentError,
  add,
  BindingError,
  EvaluationError,
  type Expr,
  evaluate,
  mul,
  Program,
  sin,
  square,
  sub,
  sum,
  Tensor,
  take,
  type Value,
  variable,
} from "@chainrule/core";
import { abstract } from "@chainrule/core/control";
import { onnxRuntime } from "@chainrule/interop/onnxruntime";
import {
  adam,
  crossEntropy,
  dense,
  gradientDescent,
  random,
  sequential,
  trainer,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { bindingsOf } from "../../support/points.ts";
import { samples } from "../../support/samples.ts";
import { asTensor, expectNear } from "../onnx/tensors.ts";

const engine = onnxRuntime({ threads: 1 });

const floats = (...values: number[]): Tensor =>
  new Tensor([values.length], Float64Array.from(values));

/** A state that the gradient of a square moves. */
function moving(): { readonly w: Expr; readonly parts: Parameters<typeof compile>[0] } {
  const [w, rate] = [variable("w", ["n"]), variable("rate")];
  const updates = new Map([[w, sub(w, mul(rate, mul(2, w)))]]);
  return { w, parts: { inputs: { w, rate }, outputs: { loss: sum(square(w)) }, updates } };
}

describe("ONNX Runtime as an engine", () => {
  it("gives what the interpreter gives", async () => {
    const names = ["matmul", "concat", "softmax", "scan", "convolution", "take", "solve", "cond"];
    for (const [i, name] of names.entries()) {
      for (const make of samples[name] ?? []) {
        const output = make();
        const values = bindingsOf([output], i);
        const inputs = Object.fromEntries([...values.keys()].map((node, k) => [`v${k}`, node]));
        const run = compile({ inputs, outputs: { y: output } }, { engine });
        const given = Object.fromEntries([...values.values()].map((value, k) => [`v${k}`, value]));
        const { y } = await run(given);
        const wanted = asTensor(evaluate(output, values) as Value, output.dtype);
        expectNear(asTensor(y as Value, output.dtype) as never, wanted, 1e-11);
        run.dispose();
      }
    }
  });

  it("keeps state between runs, with open sizes", async () => {
    const { parts } = moving();
    const run = await compileAsync(parts, { engine });
    const own = compile(parts);
    const first = { w: floats(1, -2, 3), rate: 0.25 };
    expect(await run(first)).toEqual(own(first));
    for (let i = 0; i < 5; i++) {
      await run.run();
      own.run();
      expect(await run.get("w")).toEqual(own.get("w"));
      expect(await run.get("loss")).toBeCloseTo(own.get("loss") as number, 12);
    }
    const other = { w: floats(1, 1) };
    expect(await run(other)).toEqual(own(other));
    await run.set({ w: floats(5, 5) });
    expect(await run()).toEqual({ loss: 50 });
    run.dispose();
  });

  it("carries calls out in their order, on the values there were", async () => {
    const { parts } = moving();
    const run = compile(parts, { engine });
    const w = Float64Array.of(1, 1);
    const calls = [run({ w, rate: 0.25 }), run(), run({ rate: 0 }), run()];
    w.fill(9);
    const results = await Promise.all(calls);
    expect(results.map(({ loss }) => loss)).toEqual([2, 0.5, 0.125, 0.125]);
    run.dispose();
  });

  it("writes results into arrays", async () => {
    const x = variable("x", [3], "f32");
    const run = compile({ outputs: { y: add(x, 1) } }, { engine });
    const y = new Float32Array(3);
    await run.into({ y }, { x: Float32Array.of(1, 2, 3) });
    expect(y).toEqual(Float32Array.of(2, 3, 4));
    run.dispose();
  });

  it("follows a step of training of our own", async () => {
    const generator = random(1, "engine");
    for (const [dtype, tolerance] of [
      ["f64", 1e-11],
      ["f32", 2e-4],
    ] as const) {
      for (const optimizer of [gradientDescent({ rate: 0.1 }), adam()]) {
        const options = {
          input: ["batch", 20],
          loss: crossEntropy,
          optimizer,
          dtype,
          seed: 2,
        } as const;
        const t = trainer(sequential(dense(16, sin), dense(4)), options);
        const run = await compileAsync(t.program, { engine });
        const states = [...t.graph.held].map(({ name }) => name);
        const begin = Object.fromEntries(
          states.map((name) => {
            const { shape, data } = t.get(name);
            return [
              name,
              shape.length === 0 ? (data[0] as number) : new Tensor(shape, data, dtype),
            ];
          }),
        );
        const data = Float64Array.from({ length: 160 }, () => generator.normal());
        const inputs = new Tensor([8, 20], dtype === "f32" ? Float32Array.from(data) : data, dtype);
        const targets = new Tensor(
          [8],
          Int32Array.from({ length: 8 }, (_, i) => i % 4),
        );
        await run.set({ ...begin, input: inputs, target: targets });
        for (let i = 0; i < 10; i++) {
          const { loss } = t.step({ inputs, targets });
          await run.run();
          expect(Math.abs(((await run.get("loss")) as number) - loss)).toBeLessThan(tolerance);
        }
        run.dispose();
      }
    }
  });

  it("says at once what cannot be run, before anything is loaded", () => {
    const f = abstract("f");
    const x = variable("x");
    expect(() => compile({ outputs: { y: f(x) } }, { engine })).toThrow(ArgumentError);
    expect(() => compile({ outputs: { y: sin(x) } }, { engine: {} as never })).toThrow(
      /an engine must have a name and a function program/,
    );
    expect(() => onnxRuntime({ device: "gpu" as never })).toThrow(/device must be one of cpu/);
    for (const threads of [0, 1.5, 1e6]) {
      // A million threads end the process.
      expect(() => onnxRuntime({ threads })).toThrow(
        /threads must be a whole number from 1 to 1024/,
      );
    }
    expect(() => onnxRuntime(null as never)).toThrow(/options must be an object, got null/);
    expect(() => onnxRuntime({ runtime: {} as never })).toThrow(/runtime must be a module with/);
  });

  it("rejects wrong values, and leaves everything as it was", async () => {
    const { parts } = moving();
    const run = compile(parts, { engine });
    await expect(run()).rejects.toThrow(BindingError);
    await run.set({ w: floats(1, 2), rate: 0 });
    await expect(run({ w: "3" as never })).rejects.toThrow(BindingError);
    await expect(run({ v: 3 })).rejects.toThrow(/got "v"/);
    expect(await run()).toEqual({ loss: 5 });
    run.dispose();
    await expect(run()).rejects.toThrow(/not be used after dispose/);
  });

  it("keeps the state where the runtime fails", async () => {
    const [x, w] = [variable("x", ["n"], "i32"), variable("w", [3])];
    const updates = new Map([[w, add(w, 1)]]);
    const parts = { inputs: { x, w }, outputs: { y: w.sum(), z: take(w, x) }, updates };
    const run = compile(parts, { engine });
    await run({ x: Int32Array.of(0), w: floats(1, 2, 3) });
    await expect(run({ x: Int32Array.of(7) })).rejects.toThrow(EvaluationError);
    expect(await run.get("w")).toEqual(floats(2, 3, 4));
    expect((await run({ x: Int32Array.of(2) }))["y"]).toBe(9);
    run.dispose();
  });

  it("says what is missing", async () => {
    const program = new Program({ definitions: { y: sin(variable("x")) } });
    const runtime = {
      Tensor: class {},
      InferenceSession: { create: () => Promise.reject(new Error("no such provider")) },
    } as never;
    await expect(compileAsync(program, { engine: onnxRuntime({ runtime }) })).rejects.toThrow(
      /onnxRuntime: load must succeed on cpu, got: no such provider/,
    );
    const late = compile(program, { engine: onnxRuntime({ device: "webgpu" }) });
    await expect(late({ x: 1 })).rejects.toThrow(/needs an adapter of WebGPU/);
  });

  it("explains itself by the nodes that run", () => {
    const x = variable("x", [2]);
    const { engine: name, text, steps } = compile({ outputs: { y: sin(x) } }, { engine }).explain();
    expect(name).toBe("ONNX Runtime (cpu)");
    expect(steps.map((step) => step.text)).toEqual(["Sin → y"]);
    expect(text).toMatch(/^ONNX Runtime \(cpu\): 1 nodes, \d+ bytes\nSin → y$/);
  });
});
