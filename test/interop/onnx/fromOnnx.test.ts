import {
  ArgumentError,
  ChainruleError,
  evaluate,
  Program,
  Tensor,
  tanh,
  variable,
} from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { fromOnnx, toOnnx } from "@chainrule/interop/onnx";
import { crossEntropy, dense, gradientDescent, sequential, trainer } from "@chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesOf,
  graphProto,
  modelBytes,
  modelProto,
  nodeProto,
  tensorProto,
  valueInfo,
} from "../../../packages/interop/src/onnx/model.ts";
import {
  TensorProto_DataType as DataType,
  TensorProto_DataLocation as Location,
  type ModelProto,
} from "../../../packages/interop/src/onnx/proto/onnx_pb.ts";

type Node = ReturnType<typeof nodeProto>;
type Stored = ReturnType<typeof tensorProto>;

/** A model of some nodes from x, f32 [batch, 3], to y. */
function modelOf(nodes: readonly Node[], stored: readonly Stored[] = []): ModelProto {
  const graph = graphProto({
    name: "made",
    nodes,
    inputs: [valueInfo("x", "f32", ["batch", 3])],
    outputs: [valueInfo("y", "f32", ["batch", 3])],
    initializers: stored,
  });
  return modelProto(graph, 17);
}

const node = (
  opType: string,
  input: readonly string[],
  output: readonly string[],
  name = "",
): Node => nodeProto(name, opType, input, output, {});

const read = (nodes: readonly Node[], stored: readonly Stored[] = []): unknown =>
  fromOnnx(modelBytes(modelOf(nodes, stored)));

const row = (dtype: "f32" | "i64", values: readonly number[]): Stored => {
  const data = dtype === "f32" ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
  return tensorProto("w", dtype, [values.length], bytesOf(data));
};

describe("fromOnnx", () => {
  it("gives the graph of a formula, with its names and sizes", () => {
    const model = fromOnnx(toOnnx(parse("d = 2b; e = a + d; L = c e")));
    expect(Object.keys(model.inputs)).toEqual(["b", "a", "c"]);
    expect(model.producer).toBe("chainrule");
    const { L, d } = model.program.definitions;
    expect(evaluate(L as never, { a: 3, b: 1, c: -2 })).toBe(-10);
    expect(model.program.nameOf(d as never)).toBe("d");
  });

  it("keeps named sizes, and fixes those that are asked for", () => {
    const bytes = modelBytes(modelOf([node("Relu", ["x"], ["y"])]));
    expect(fromOnnx(bytes).outputs["y"]?.shape).toEqual(["batch", 3]);
    expect(fromOnnx(bytes, { sizes: { batch: 2 } }).outputs["y"]?.shape).toEqual([2, 3]);
    expect(() => fromOnnx(bytes, { sizes: { batch: -1 } })).toThrow(
      /options\.sizes must be whole numbers ≥ 0, got -1 for batch/,
    );
  });

  it("gives a model's weights their values, and training goes on from them", async () => {
    const inputs = new Tensor([4, 2], Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1));
    const targets = new Tensor([4], Int32Array.of(0, 1, 1, 0));
    const options = {
      input: ["batch", 2],
      loss: crossEntropy,
      optimizer: gradientDescent({ rate: 0.5 }),
      seed: 3,
    } as const;
    const own = trainer(sequential(dense(4, tanh), dense(2)), options);
    const model = fromOnnx(toOnnx(own));
    expect(model.trainable).toEqual(["dense.weight", "dense.bias", "dense2.weight", "dense2.bias"]);
    const again = trainer(model.layer(), options);
    expect(again.predict(inputs).data).toEqual(own.predict(inputs).data);
    const step = { inputs, targets };
    const back = fromOnnx(toOnnx(model));
    expect(back.weights).toEqual(model.weights);
    expect(Object.keys(back.inputs)).toEqual(["input"]);
    for (let i = 0; i < 5; i++) expect(again.step(step).loss).toBeCloseTo(own.step(step).loss, 12);
  });

  it("restores the state of a step of training", () => {
    const [w, g] = [variable("w", [2]), variable("g", [2])];
    const program = new Program({
      variables: { w, g },
      definitions: { size: w.mul(g).sum() },
      updates: new Map([[w, w.sub(g)]]),
    });
    const { program: back } = fromOnnx(toOnnx(program));
    const [[state, next]] = [...back.updates] as [[never, never]];
    expect(back.nameOf(state)).toBe("w");
    const values = {
      w: new Tensor([2], Float64Array.of(3, 4)),
      g: new Tensor([2], Float64Array.of(1, 1)),
    };
    expect((evaluate(next, values) as Tensor).data).toEqual(Float64Array.of(2, 3));
    expect(Object.keys(back.definitions)).toEqual(["size"]);
  });

  it("lists all operators that it cannot read at once, by name, node and opset", () => {
    const strange = node("Frobnicate", ["a"], ["y"], "head/strange");
    strange.domain = "com.example";
    expect(() => read([node("NonZero", ["x"], ["a"]), strange])).toThrow(
      'fromOnnx: every operator must be one that can be read, got NonZero (opset 17) at the node of "a"; Frobnicate (domain com.example) at "head/strange"',
    );
  });

  it("ends with functions that call themselves", () => {
    const model = modelOf([Object.assign(node("Loop1", ["x"], ["y"]), { domain: "own" })]);
    const $typeName = "onnx.FunctionProto" as const;
    const body = Object.assign(node("Loop1", ["a"], ["b"]), { domain: "own" });
    const parts = { input: ["a"], output: ["b"], node: [body], attribute: [], docString: "" };
    model.functions.push({ $typeName, name: "Loop1", domain: "own", ...parts, opsetImport: [] });
    expect(() => fromOnnx(modelBytes(model))).toThrow(/must nest at most 64 deep/);
  });

  it("reads functions of the model in place", () => {
    const model = modelOf([Object.assign(node("Twice", ["x"], ["y"]), { domain: "own" })]);
    const body = node("Add", ["a", "a"], ["b"]);
    model.functions.push({
      $typeName: "onnx.FunctionProto",
      name: "Twice",
      domain: "own",
      input: ["a"],
      output: ["b"],
      node: [body],
      attribute: [],
      docString: "",
      opsetImport: [],
    });
    const { outputs } = fromOnnx(modelBytes(model));
    const x = new Tensor([1, 3], Float32Array.of(1, 2, 3));
    expect((evaluate(outputs["y"] as never, { x }) as Tensor).data).toEqual(
      Float32Array.of(2, 4, 6),
    );
  });

  it.each<readonly [string, readonly Node[], readonly Stored[], RegExp]>([
    [
      "a cycle",
      [node("Add", ["x", "b"], ["a"]), node("Relu", ["a"], ["b"])],
      [],
      /"b" must be made before it is read/,
    ],
    [
      "an input that is nowhere",
      [node("Add", ["x", "w"], ["y"])],
      [],
      /"w" must be made before it is read/,
    ],
    [
      "two values of one name",
      [node("Relu", ["x"], ["y"]), node("Relu", ["x"], ["y"])],
      [],
      /"y" twice/,
    ],
    ["no node for the output", [node("Relu", ["x"], ["z"])], [], /"y" must be made/],
    [
      "a wrong shape",
      [node("Add", ["x", "w"], ["y"], "sum")],
      [row("f32", [1, 2])],
      /shapes must[\s\S]*at node "sum" \(Add\)/,
    ],
    [
      "an index beyond 32 bits",
      [node("Gather", ["x", "w"], ["y"])],
      [row("i64", [2 ** 40])],
      /must fit in 32 bits, got 1099511627776 at place 0 of "w"/,
    ],
    [
      "an axis that is not there",
      [nodeProto("", "Softmax", ["x"], ["y"], { axis: 7 })],
      [],
      /an axis must lie in -2 … 1, got 7/,
    ],
    [
      "a missing attribute",
      [node("Cast", ["x"], ["y"])],
      [],
      /attribute to must be a number, got none/,
    ],
    [
      "a shape that inputs make",
      [node("Reshape", ["x", "x"], ["y"])],
      [],
      /must be known while the model is read/,
    ],
  ])("refuses %s", (_name, nodes, stored, message) => {
    expect(() => read(nodes, stored)).toThrow(message);
    expect(() => read(nodes, stored)).toThrow(ChainruleError);
  });

  it("refuses tensors whose bytes do not fit, without making them", () => {
    const sum = [node("Add", ["x", "w"], ["y"])];
    const stored = (parts: Partial<Stored>): Stored => Object.assign(row("f32", [1, 2, 3]), parts);
    const cases: readonly (readonly [Partial<Stored>, RegExp])[] = [
      [{ dims: [2n ** 40n] }, /must have 4398046511104 bytes, got 12/],
      [{ dims: [2n ** 40n, 2n ** 40n] }, /less than 2\^53 elements/],
      [{ dims: [-3n] }, /sizes must be whole numbers ≥ 0, got \[-3\]/],
      [{ rawData: new Uint8Array(7) }, /must have 12 bytes, got 7/],
      [{ dataType: DataType.STRING }, /got STRING/],
      [{ dataType: 99 }, /got number 99/],
      [{ dataType: DataType.COMPLEX64 }, /got COMPLEX64/],
    ];
    for (const [parts, message] of cases) {
      expect(() => read(sum, [stored(parts)])).toThrow(message);
      expect(() => read(sum, [stored(parts)])).toThrow('tensor "w": ');
    }
  });

  it("reads weights of another file, and only beside the model", () => {
    const outside = (location: string, more: Record<string, string> = {}): Uint8Array => {
      const $typeName = "onnx.StringStringEntryProto" as const;
      const facts = Object.entries({ location, ...more }).map(([key, value]) => {
        return { $typeName, key, value };
      });
      const stored = Object.assign(row("f32", [0, 0, 0]), {
        rawData: new Uint8Array(0),
        dataLocation: Location.EXTERNAL,
        externalData: facts,
      });
      return modelBytes(modelOf([node("Add", ["x", "w"], ["y"])], [stored]));
    };
    const asked: string[] = [];
    const external = (file: string): Uint8Array => {
      asked.push(file);
      return bytesOf(Float32Array.of(9, 1, 2, 3));
    };
    const { weights } = fromOnnx(outside("w.bin", { offset: "4" }), { external });
    expect(weights["w"]?.data).toEqual(Float32Array.of(1, 2, 3));
    expect(asked).toEqual(["w.bin"]);
    for (const file of ["../w.bin", "/etc/passwd", "a\\..\\..\\b", "C:\\w", "", "a/../../b"]) {
      expect(() => fromOnnx(outside(file), { external })).toThrow(/beside the model or below/);
    }
    expect(() => fromOnnx(outside("w.bin"))).toThrow(/options\.external must read/);
    expect(() => fromOnnx(outside("w.bin", { offset: "8", length: "12" }), { external })).toThrow(
      /within the 16 bytes/,
    );
    expect(asked).toEqual(["w.bin", "w.bin"]);
  });

  it("refuses graphs that nest without end", () => {
    const holds = tensorProto("c", "bool", [], Uint8Array.of(1));
    const leaf = (name: string): ReturnType<typeof graphProto> =>
      graphProto({ name, nodes: [], inputs: [], outputs: [valueInfo("x", "f32", [])] });
    const nested = (depth: number): Uint8Array => {
      let inner = leaf("then");
      let choice = node("Identity", ["x"], ["y"]);
      for (let i = 0; i < depth; i++) {
        const branches = { then_branch: inner, else_branch: leaf("else") };
        choice = nodeProto("", "If", ["c"], ["y"], branches);
        const outputs = [valueInfo("y", "f32", [])];
        inner = graphProto({ name: "then", nodes: [choice], inputs: [], outputs });
      }
      return modelBytes(modelOf([choice], [holds]));
    };
    expect(fromOnnx(nested(20)).outputs["y"]?.shape).toEqual(["batch", 3]);
    expect(() => fromOnnx(nested(100))).toThrow(/that are none: [\s\S]*depth|recursion/i);
  });

  it("refuses what is no model", () => {
    expect(() => fromOnnx("model.onnx" as never)).toThrow(/given as bytes, got "model\.onnx"/);
    expect(() => fromOnnx(new Uint8Array(0))).toThrow(/got none with a graph/);
    expect(() => fromOnnx(new TextEncoder().encode("not a model at all"))).toThrow(ArgumentError);
    const old = modelOf([node("Relu", ["x"], ["y"])]);
    for (const entry of old.opsetImport) entry.version = 3n;
    expect(() => fromOnnx(modelBytes(old))).toThrow(/opset 7 to 24 of ONNX's operators, got 3/);
  });

  it("neither hangs nor breaks on files that are cut or changed", () => {
    const whole = toOnnx(
      trainer(sequential(dense(3, tanh), dense(2)), {
        input: ["batch", 2],
        loss: crossEntropy,
        optimizer: gradientDescent({ rate: 0.1 }),
        seed: 1,
      }),
    );
    const survives = (bytes: Uint8Array): void => {
      try {
        fromOnnx(bytes);
      } catch (error) {
        if (!(error instanceof ChainruleError)) throw error;
      }
    };
    for (let length = 0; length < whole.length; length += 7) survives(whole.subarray(0, length));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const bytes = whole.slice();
          for (const [at, value] of changes) bytes[at] = value;
          survives(bytes);
        },
      ),
      { numRuns: 400 },
    );
  });
});
