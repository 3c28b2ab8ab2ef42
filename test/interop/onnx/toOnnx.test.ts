import {
  add,
  clip,
  type Expr,
  exp,
  grad,
  matmul,
  max,
  min,
  mul,
  Program,
  relu,
  sign,
  sum,
  Tensor,
  tanh,
  variable,
} from "@chainrule/core";
import { abstract } from "@chainrule/core/control";
import { conv1d } from "@chainrule/core/conv";
import { parse } from "@chainrule/core/parse";
import { type Opset, toOnnx, toOnnxFiles } from "@chainrule/interop/onnx";
import * as nn from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { modelOf } from "../../../packages/interop/src/onnx/model.ts";
import type { GraphProto } from "../../../packages/interop/src/onnx/proto/onnx_pb.ts";
import { everyElementwise } from "./elementwisePrograms.ts";
import { fromRuntime, sessionOf, toRuntime } from "./runOnnx.ts";

function graphOf(bytes: Uint8Array): GraphProto {
  return modelOf(bytes).graph as GraphProto;
}

const names = (values: readonly { readonly name: string }[]): string[] =>
  values.map(({ name }) => name);

const x = variable("x", ["batch", 3], "f32");
const w = variable("w", [3, 2], "f32");
const layer = new Program({ definitions: { h: matmul(x, w), y: relu(matmul(x, w)) } });
const weights = new Tensor([3, 2], Float32Array.from([1, -2, 3, 4, -5, 6]));

describe("names and shapes", () => {
  it("keeps the names of inputs, definitions and intermediate values", () => {
    const { variables, definitions } = parse("d = 2b; e = a + d; L = c e");
    const graph = graphOf(toOnnx(new Program({ variables, definitions })));
    expect(names(graph.input).sort()).toEqual(["a", "b", "c"]);
    expect(names(graph.output)).toEqual(["d", "e", "L"]);
    expect(graph.node.map(({ opType, output }) => `${output[0]} ${opType}`)).toEqual([
      "d Mul",
      "e Add",
      "L Mul",
    ]);
    const one = new Program({
      definitions: { L: definitions.L },
      names: new Map([[definitions.e, "e"]]),
    });
    expect(graphOf(toOnnx(one)).node.map(({ output }) => output[0])).toContain("e");
  });

  it("leaves named sizes open, and fixes those it is told", () => {
    const open = graphOf(toOnnx(layer)).input[0]?.type?.value;
    expect(
      open?.case === "tensorType" && open.value.shape?.dim.map(({ value }) => value.value),
    ).toEqual(["batch", 3n]);
    const fixed = graphOf(toOnnx(layer, { sizes: { batch: 5 } })).input[0]?.type?.value;
    expect(
      fixed?.case === "tensorType" && fixed.value.shape?.dim.map(({ value }) => value.value),
    ).toEqual([5n, 3n]);
  });

  it("keeps the names of ops that are written as one another", () => {
    const a = variable("a", [2]);
    for (const definitions of [
      { p: sign(a), q: max(a, 0), r: relu(a), s: clip(a, 0, 1) },
      { s: clip(a, 0, 1), q: max(a, 0), t: min(max(a, 0), 1) },
    ]) {
      const graph = graphOf(toOnnx(new Program({ definitions })));
      const made = graph.node.flatMap(({ output }) => output);
      expect(new Set(made).size).toBe(made.length);
      for (const name of Object.keys(definitions)) expect(made).toContain(name);
    }
  });

  it("gives a definition that is an input, or another's node, an output of its own", async () => {
    const a = variable("a", [2], "f32");
    const y = exp(a);
    const bytes = toOnnx(
      new Program({ definitions: { a, y, again: y, three: sum(mul(a, 0)).add(3) } }),
    );
    const session = await sessionOf(bytes, "all");
    const { outputNames } = session;
    expect(outputNames).toEqual(["a_2", "y", "again", "three"]);
    const results = await session.run({
      a: toRuntime(new Tensor([2], new Float32Array(2)), "f32"),
    });
    await session.release();
    expect(Array.from(results["again"]?.data as Float32Array)).toEqual([1, 1]);
    expect(Array.from(results["three"]?.data as Float32Array)).toEqual([3]);
  });

  it("names what has none: in ONNX a value without a name is one that is not there", async () => {
    const bytes = toOnnx(new Program({ definitions: { "": exp(variable("a", [2], "f32")) } }));
    const session = await sessionOf(bytes, "all");
    expect(session.outputNames).toEqual(["unnamed"]);
    await session.release();
  });
});

describe("weights", () => {
  const feeds = { x: toRuntime(new Tensor([2, 3], new Float32Array(6).fill(1)), "f32") };

  it("takes given values as weights, and asks for them no more", async () => {
    const session = await sessionOf(toOnnx(layer, { values: { w: weights } }), "all");
    expect(session.inputNames).toEqual(["x"]);
    const results = await session.run(feeds);
    await session.release();
    expect(fromRuntime(results["y"] as never).data).toEqual(Float32Array.of(0, 8, 0, 8));
  });

  it("keeps large weights apart", () => {
    const wide = variable("wide", [3, 200], "f32");
    const data = new Float32Array(600).map((_, i) => i);
    const program = new Program({ definitions: { y: matmul(x, wide) } });
    const files = toOnnxFiles(program, {
      values: { wide: new Tensor([3, 200], data) },
      dataFile: "wide.bin",
    });
    const [tensor] = graphOf(files.model).initializer;
    expect(tensor?.rawData).toHaveLength(0);
    expect(tensor?.externalData.map(({ key, value }) => `${key}=${value}`)).toEqual([
      "location=wide.bin",
      "offset=0",
      "length=2400",
    ]);
    expect(new Float32Array(files.data.buffer)).toEqual(data);
    expect(files.model.length).toBeLessThan(1000);
    for (const dataFile of ["", "../up", "..", 7 as never]) {
      expect(() => toOnnxFiles(program, { dataFile })).toThrow("toOnnxFiles: dataFile must be");
    }
  });

  it("writes a trainer's model with its weights, or its whole step", async () => {
    const t = nn.trainer(nn.sequential(nn.dense(2, tanh), nn.dense(1)), {
      input: ["batch", 3],
      loss: nn.mse,
      optimizer: nn.adam(),
      seed: 1,
      dtype: "f32",
    });
    const session = await sessionOf(toOnnx(t), "all");
    expect(session.inputNames).toHaveLength(1);
    const inputs = new Tensor([2, 3], Float32Array.from([1, 2, 3, 4, 5, 6]));
    const results = await session.run({
      [session.inputNames[0] as string]: toRuntime(inputs, "f32"),
    });
    await session.release();
    const given = fromRuntime(results["output"] as never).data;
    const wanted = (t.predict(inputs) as Tensor).data;
    for (const [i, value] of given.entries()) expect(value).toBeCloseTo(wanted[i] as number, 5);
    const step = graphOf(toOnnx(t, { part: "training" }));
    for (const { name } of t.graph.held) {
      expect(names(step.input)).toContain(name);
    }
    for (const path of t.parameters) expect(names(step.output)).toContain(`${path}.next`);
  });
});

describe("versions", () => {
  it("writes opset 17, or 21 on request", () => {
    const version = (opset?: Opset): unknown =>
      modelOf(toOnnx(layer, opset === undefined ? {} : { opset })).opsetImport[0]?.version;
    expect([version(), version(17), version(21)]).toEqual([17n, 17n, 21n]);
  });

  it("writes ops that ONNX Runtime loads as opset 21", async () => {
    // One session for many ops: each takes longer to start than to run.
    const definitions: Record<string, Expr> = {};
    for (const [name, program] of everyElementwise) {
      if (name.endsWith("bool")) continue;
      for (const [key, node] of Object.entries(program.definitions)) {
        definitions[`${name} ${key}`] = node;
      }
    }
    const variables = Object.fromEntries(
      Object.values(definitions)
        .flatMap((node) => new Program({ definitions: { node } }).variables as never)
        .flatMap((table) => Object.values(table as Record<string, Expr>))
        .map((node) => [`${node.dtype} ${String(node.attributes["name"])}`, node]),
    );
    const session = await sessionOf(
      toOnnx(new Program({ variables, definitions }), { opset: 21 }),
      "all",
    );
    expect(session.outputNames).toHaveLength(Object.keys(definitions).length);
    await session.release();
  }, 30_000);
});

describe("bad input", () => {
  it("names all that ONNX has no form of", () => {
    const [a, b] = [variable("a"), variable("b")];
    const u = abstract("u");
    const long = variable("long", ["batch", 1, "time"]);
    const kernel = variable("kernel", [1, 1, 3]);
    const program = new Program({
      definitions: {
        p: add(u(a), b),
        q: grad(u(b), b),
        r: conv1d(long, kernel, { padding: "same" }),
      },
    });
    expect(() => toOnnx(program)).toThrow(
      /^toOnnx: every op must have a form in ONNX, got none for abstract, .*u; .*abstract, .*u.*; .*convolution, of f64 along a named size$/,
    );
  });

  it("refuses options that do not fit, before any work", () => {
    const refused = (options: object, message: string): void =>
      expect(() => toOnnx(layer, options as never)).toThrow(message);
    refused({ opset: 13 }, "toOnnx: opset must be 17 or 21, got 13");
    refused({ values: { v: 1 } }, "toOnnx: values must be those of inputs, got v");
    refused({ values: { w: [[1]] } }, "toOnnx: w: shape must be [3, 2], got [1, 1]");
    refused({ values: 3 }, "toOnnx: values must be given by name or by node, got 3");
    refused({ sizes: { batch: -1 } }, 'toOnnx: size "batch" must be a whole number ≥ 0, got -1');
    expect(() => toOnnx({} as never)).toThrow(
      "toOnnx: the source must be a program, a trainer or a model",
    );
    const s = variable("s");
    const counting = new Program({ definitions: { y: s }, updates: new Map([[s, s.add(1)]]) });
    expect(() => toOnnx(counting, { values: { s: 1 } })).toThrow(
      "toOnnx: a state must stay an input, got a value for s",
    );
  });
});
