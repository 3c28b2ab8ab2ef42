import { readFileSync } from "node:fs";
import { type Expr, evaluate, Tensor, type Value } from "@chainrule/core";
import { fromOnnx } from "@chainrule/interop/onnx";
import { random } from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { dtypeOf, type OnnxType } from "../../../packages/interop/src/onnx/dtype.ts";
import { importRules } from "../../../packages/interop/src/onnx/import/rules/index.ts";
import {
  type AttributeValue,
  bytesOf,
  graphProto,
  modelBytes,
  modelProto,
  nodeProto,
  tensorProto,
  valueInfo,
} from "../../../packages/interop/src/onnx/model.ts";
import { fromRuntime, sessionOf, toRuntime } from "./runOnnx.ts";
import { asTensor } from "./tensors.ts";

/** An input of a node: a value that the model is given, or one that it stores. */
interface Given {
  readonly tensor: Tensor;
  /** Stored as int64. */
  readonly stored?: true;
}

interface Case {
  readonly inputs: readonly (Given | undefined)[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly outputs?: number;
  readonly opset?: number;
}

const generator = random(5, "operators");

/** Floats in (low, high). */
const within = (low: number, high: number, ...shape: number[]): Given => {
  const count = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length: count }, () => low + (high - low) * generator.uniform());
  return { tensor: new Tensor(shape, data, "f32") };
};
const f = (...shape: number[]): Given => within(-2, 2, ...shape);
const i32 = (values: readonly number[], shape: readonly number[] = [values.length]): Given => ({
  tensor: new Tensor(shape, Int32Array.from(values), "i32"),
});
const truths = (values: readonly number[], shape: readonly number[] = [values.length]): Given => ({
  tensor: new Tensor(shape, Uint8Array.from(values), "bool"),
});
/** Whole numbers that the model stores. */
const k = (values: readonly number[], shape: readonly number[] = [values.length]): Given => ({
  ...i32(values, shape),
  stored: true,
});
/** Floats that the model stores. */
const kf = (values: readonly number[], shape: readonly number[] = [values.length]): Given => ({
  tensor: new Tensor(shape, Float32Array.from(values), "f32"),
  stored: true,
});
const of = (
  inputs: readonly (Given | undefined)[],
  attributes: Case["attributes"] = {},
  more: Partial<Case> = {},
): Case => ({ inputs, attributes, ...more });
const float = (value: number): AttributeValue => ({ float: value });

const unary = of([f(2, 3)]);
const binary = [of([f(2, 3), f(2, 3)]), of([f(2, 1), f(3)])];
const compared = [of([i32([1, 2, 3]), i32([3, 2, 1])]), of([f(4), f(1)])];
const logical = of([truths([0, 0, 1, 1]), truths([0, 1, 0, 1])]);
const picture = f(2, 3, 5, 6);
const reduced = [
  of([within(0.5, 2, 2, 3, 4)], { axes: [1], keepdims: 0 }),
  of([within(0.5, 2, 2, 3)], { keepdims: 1 }),
  of([within(0.5, 2, 2, 3, 4), k([0, -1])], {}, { opset: 18 }),
];
const summed = [
  of([f(2, 3, 4), k([1])], { keepdims: 0 }),
  of([f(2, 3)], { noop_with_empty_axes: 1 }),
  of([f(2, 3)]),
];
const cell = (gates: number): readonly Given[] => [
  f(4, 2, 3),
  f(1, gates * 2, 3),
  f(1, gates * 2, 2),
  f(1, gates * 4),
];
const both = (gates: number): readonly Given[] => [
  f(4, 2, 3),
  f(2, gates * 2, 3),
  f(2, gates * 2, 2),
  f(2, gates * 4),
];
const lengths = i32([4, 2]);

/** A graph of one node inside of another. */
const inner = (
  opType: string,
  inputs: readonly string[],
  output: string,
  given: readonly string[] = [],
): AttributeValue =>
  graphProto({
    name: output,
    nodes: [nodeProto("", opType, inputs, [output], {})],
    inputs: given.map((name) => valueInfo(name, "f32", [3])),
    outputs: [valueInfo(output, "f32", [3])],
  });

const cases: Readonly<Record<string, readonly Case[]>> = {
  Abs: [unary],
  Acos: [of([within(-1, 1, 4)])],
  Acosh: [of([within(1, 3, 4)])],
  Add: binary,
  And: [logical],
  ArgMax: [
    of([f(2, 5)], { axis: 1, keepdims: 0 }),
    of([kf([1, 3, 3, 2, 3], [1, 5])], { axis: -1, select_last_index: 1 }),
  ],
  ArgMin: [of([f(3, 4)], { axis: 0 })],
  Asin: [of([within(-1, 1, 4)])],
  Asinh: [unary],
  Atan: [unary],
  Atanh: [of([within(-0.9, 0.9, 4)])],
  AveragePool: [
    of([picture], { kernel_shape: [2, 3], strides: [2, 1], pads: [1, 0, 0, 1] }),
    of([picture], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }),
    of([picture], { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }),
    of([picture], { kernel_shape: [3, 3], strides: [2, 2], auto_pad: "SAME_UPPER" }),
    of([f(1, 2, 7)], { kernel_shape: [3], strides: [2], auto_pad: "SAME_LOWER" }),
  ],
  BatchNormalization: [
    of([picture, f(3), f(3), f(3), within(0.5, 2, 3)], { epsilon: float(0.01) }),
    of([picture, f(3), f(3), f(3), within(0.5, 2, 3)], { training_mode: 1 }, { outputs: 3 }),
  ],
  Cast: [of([f(4)], { to: 6 }), of([i32([0, 3])], { to: 1 }), of([kf([0, 2])], { to: 9 })],
  CastLike: [of([f(3), i32([1])])],
  Ceil: [unary],
  Celu: [of([f(5)], { alpha: float(0.7) })],
  Clip: [of([f(5), kf([-0.5], []), kf([0.5], [])]), of([f(5), undefined, kf([0], [])]), of([f(5)])],
  Concat: [of([f(2, 1), f(2, 3)], { axis: -1 }), of([f(0, 3), f(2, 3)], { axis: 0 })],
  Constant: [of([], { value_ints: [3, 4] }), of([], { value_float: float(1.5) })],
  ConstantOfShape: [of([k([2, 3])])],
  Conv: [
    of([picture, f(4, 3, 2, 3), f(4)], { strides: [2, 1], pads: [1, 0, 1, 2] }),
    of([f(1, 4, 6, 6), f(4, 2, 3, 3)], { group: 2, auto_pad: "SAME_UPPER" }),
    of([f(1, 2, 6, 6), f(2, 2, 2, 3)], { dilations: [2, 1] }),
    of([f(2, 2, 8), f(3, 2, 3)], { auto_pad: "VALID" }),
  ],
  ConvTranspose: [
    of([f(1, 3, 4, 4), f(3, 2, 3, 3), f(2)], { strides: [2, 2], pads: [1, 1, 0, 0] }),
    of([f(1, 4, 3), f(4, 1, 2)], { group: 2, strides: [3], output_padding: [1] }),
    of([f(1, 2, 3, 3), f(2, 1, 3, 3)], { strides: [2, 2], auto_pad: "SAME_UPPER" }),
    of([f(1, 2, 3, 3), f(2, 1, 3, 3)], { strides: [2, 2], output_shape: [6, 6] }),
  ],
  Cos: [unary],
  Cosh: [unary],
  CumSum: [of([f(2, 4), k([1], [])], { exclusive: 1, reverse: 1 }), of([f(2, 4), k([-2], [])])],
  DepthToSpace: [
    of([f(1, 8, 2, 3)], { blocksize: 2 }),
    of([f(1, 8, 2, 3)], { blocksize: 2, mode: "CRD" }),
  ],
  Det: [of([f(2, 3, 3)])],
  Div: [...binary, of([i32([7, -7, 7, -7]), i32([2, 2, -2, -2])])],
  Dropout: [of([f(3), kf([0.5], [])])],
  Einsum: [of([f(2, 3, 4), f(2, 4, 5)], { equation: "bij,bjk->bik" })],
  Elu: [of([f(5)], { alpha: float(0.5) })],
  Equal: compared,
  Erf: [unary],
  Exp: [unary],
  Expand: [of([f(3, 1), k([2, 1, 4])])],
  EyeLike: [of([f(3, 4)], { k: 1 })],
  Flatten: [of([f(2, 3, 4)], { axis: 2 }), of([f(2, 3, 4)], { axis: 0 }), of([f(2, 3, 4)])],
  Floor: [unary],
  GRU: [
    of(cell(3), { hidden_size: 2 }, { outputs: 2 }),
    of(
      [...cell(3), undefined, f(1, 2, 2)],
      { hidden_size: 2, linear_before_reset: 1 },
      { outputs: 2 },
    ),
    of([...both(3), lengths], { hidden_size: 2, direction: "bidirectional" }, { outputs: 2 }),
  ],
  Gather: [of([f(4, 3), k([1, -1, 0])], { axis: 0 }), of([f(2, 4), i32([3], [])], { axis: 1 })],
  GatherElements: [of([f(3, 3), k([0, 1, -1, 2], [2, 2])], { axis: 1 })],
  GatherND: [of([f(3, 4), k([0, 1, 2, -1], [2, 2])]), of([f(3, 4), k([1, 0], [2, 1])])],
  Gelu: [of([f(5)], {}, { opset: 20 }), of([f(5)], { approximate: "tanh" }, { opset: 20 })],
  Gemm: [
    of([f(3, 2), f(4, 3), f(4)], { transA: 1, transB: 1, alpha: float(0.5), beta: float(2) }),
    of([f(2, 3), f(3, 4)]),
  ],
  GlobalAveragePool: [of([picture])],
  GlobalMaxPool: [of([picture])],
  Greater: compared,
  GreaterOrEqual: compared,
  GroupNormalization: [of([f(2, 4, 3), f(4), f(4)], { num_groups: 2 }, { opset: 21 })],
  HardSigmoid: [of([f(5)], { alpha: float(0.3), beta: float(0.4) })],
  HardSwish: [of([within(-5, 5, 6)])],
  Hardmax: [of([f(2, 4)], { axis: -1 }), of([f(3, 2, 4)], {}, { opset: 11 })],
  Identity: [unary],
  If: [
    of([truths([1], [])], {
      then_branch: inner("Neg", ["outer"], "a"),
      else_branch: inner("Abs", ["outer"], "b"),
    }),
  ],
  InstanceNormalization: [of([picture, f(3), f(3)])],
  IsInf: [
    of([kf([1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])], { detect_negative: 0 }),
    of([kf([1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])]),
    of([kf([1, Number.POSITIVE_INFINITY, Number.NaN])], { detect_negative: 0, detect_positive: 0 }),
  ],
  IsNaN: [of([kf([1, Number.NaN])])],
  LRN: [of([f(1, 5, 2, 2)], { size: 3, alpha: float(0.1), beta: float(0.5), bias: float(2) })],
  LSTM: [
    of(cell(4), { hidden_size: 2 }, { outputs: 3 }),
    of(
      [...both(4), lengths, f(2, 2, 2), f(2, 2, 2), f(2, 6)],
      { hidden_size: 2, direction: "bidirectional" },
      { outputs: 3 },
    ),
    of(cell(4).slice(0, 3), { hidden_size: 2, direction: "reverse" }, { outputs: 3 }),
  ],
  LayerNormalization: [of([f(2, 3, 4), f(3, 4), f(3, 4)], { axis: 1 }), of([f(2, 4), f(4)])],
  LeakyRelu: [of([f(5)], { alpha: float(0.2) })],
  Less: compared,
  LessOrEqual: compared,
  Log: [of([within(0.1, 3, 4)])],
  LogSoftmax: [of([f(2, 3, 4)], { axis: 1 }), of([f(2, 3, 4)], { axis: 1 }, { opset: 12 })],
  Loop: [],
  LpNormalization: [of([f(2, 4)], { p: 1 }), of([f(2, 4)], { axis: 0 })],
  MatMul: [of([f(2, 3, 4), f(4, 5)]), of([f(4), f(4, 2)])],
  Max: [of([f(3), f(3), f(1)])],
  MaxPool: [
    of([picture], { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] }, { outputs: 2 }),
    of([picture], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1, dilations: [1, 2] }),
    of([f(1, 2, 7)], { kernel_shape: [2], auto_pad: "SAME_UPPER" }),
    of([f(1, 1, 7, 4)], { kernel_shape: [2, 3], strides: [3, 2], dilations: [1, 2], ceil_mode: 1 }),
  ],
  Mean: [of([f(3), f(3), f(3)])],
  MeanVarianceNormalization: [of([picture])],
  Min: [of([f(3), f(1)])],
  Mish: [of([f(5)], {}, { opset: 18 })],
  Mod: [of([i32([7, -7, 7, -7]), i32([3, 3, -3, -3])]), of([f(4), within(0.3, 1, 4)], { fmod: 1 })],
  Mul: binary,
  Neg: [unary],
  NegativeLogLikelihoodLoss: [
    of([f(3, 4), i32([0, 3, 1]), within(0.5, 1, 4)], { reduction: "mean" }),
    of([f(2, 3, 2), i32([0, 2, 1, 1], [2, 2])], { reduction: "none" }),
  ],
  Not: [of([truths([0, 1])])],
  OneHot: [
    of([k([0, 2, -1]), k([3], []), kf([-1, 5])]),
    of([k([0, 2]), k([3], []), kf([0, 1])], { axis: 0 }),
  ],
  Or: [logical],
  PRelu: [of([f(2, 3), f(3)])],
  Pad: [
    of([f(2, 3), k([1, 0, 0, 2]), kf([7], [])]),
    of([f(3, 4), k([1, 2, 1, 1])], { mode: "reflect" }),
    of([f(3, 4), k([2, 1, 1, 3])], { mode: "edge" }),
    of([f(3, 4), k([-1, 1, 0, -1])]),
    of([f(3, 4), k([1, 1]), undefined, k([1])], {}, { opset: 18 }),
    of([f(3, 4), k([1, 2, 1, 1])], { mode: "wrap" }, { opset: 19 }),
  ],
  Pow: [of([within(0.2, 2, 4), f(4)]), of([f(3), i32([2, 3, 1])])],
  RMSNormalization: [of([f(2, 4), f(4)], {}, { opset: 23 })],
  RNN: [
    of(cell(1), { hidden_size: 2 }, { outputs: 2 }),
    of(both(1), { hidden_size: 2, direction: "bidirectional" }, { outputs: 2 }),
  ],
  Range: [
    of([kf([1], []), kf([4], []), kf([0.5], [])]),
    of([k([5], []), k([-1], []), k([-2], [])]),
  ],
  Reciprocal: [of([within(0.5, 2, 3)])],
  ReduceL1: reduced,
  ReduceL2: reduced,
  ReduceLogSum: reduced,
  ReduceLogSumExp: reduced,
  ReduceMax: reduced,
  ReduceMean: reduced,
  ReduceMin: reduced,
  ReduceProd: reduced,
  ReduceSum: summed,
  ReduceSumSquare: reduced,
  Relu: [unary],
  Reshape: [of([f(2, 3, 4), k([0, -1])]), of([f(2, 0, 3), k([0, 3, 2])], { allowzero: 1 })],
  Resize: [
    of([picture, undefined, kf([1, 1, 2, 2])]),
    of([picture, undefined, undefined, k([2, 3, 8, 4])], { mode: "linear" }),
    of([picture, undefined, undefined, k([2, 3, 8, 4])], {
      mode: "linear",
      coordinate_transformation_mode: "align_corners",
    }),
    of([picture, undefined, kf([1, 1, 1.5, 0.5])], {
      mode: "cubic",
      coordinate_transformation_mode: "pytorch_half_pixel",
    }),
    of([picture, undefined, kf([1, 1, 2, 0.5])], {
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    }),
    of([picture, undefined, kf([1, 1, 2.5, 1])], { nearest_mode: "ceil" }),
    of([picture, undefined, undefined, k([2, 3, 3, 9])], { mode: "cubic", exclude_outside: 1 }),
    of([f(1, 1, 5, 2), undefined, kf([1, 1, 2.6, 1])], { mode: "linear" }),
    // In double precision the second element would be that before.
    of([f(1, 2, 3, 4), undefined, kf([1, 1, 1, 0.6])], { nearest_mode: "floor" }),
  ],
  ReverseSequence: [of([f(4, 2, 3), k([3, 2])])],
  Round: [of([kf([0.5, 1.5, -0.5, -2.5, 1.2])])],
  Scan: [],
  ScatterElements: [
    of([f(3, 3), k([1, 0, 2, 1], [2, 2]), f(2, 2)], { axis: 0 }),
    of([f(2, 4), k([1, 1, 3], [1, 3]), f(1, 3)], { axis: 1, reduction: "add" }),
  ],
  ScatterND: [
    of([f(4, 3), k([2, 0], [2, 1]), f(2, 3)]),
    of([f(4, 3), k([2, 0, 2, 0], [2, 2]), f(2)], { reduction: "add" }),
  ],
  Selu: [unary],
  Shape: [of([f(2, 3)]), of([f(2, 3, 4)], { start: 1, end: -1 })],
  Shrink: [of([f(6)], { lambd: float(0.5), bias: float(0.2) })],
  Sigmoid: [unary],
  Sign: [of([kf([-2, 0, 3])])],
  Sin: [unary],
  Sinh: [unary],
  Size: [of([f(2, 3)])],
  Slice: [
    of([f(4, 5), k([1, -1]), k([100, 0]), k([0, 1]), k([2, -2])]),
    of([f(4, 5), k([-3]), k([-1])]),
    of([f(4), k([-1]), k([-(2 ** 31)]), k([0]), k([-1])]),
    of([f(4), k([3]), k([1])]),
    of([f(1, 5), k([-7, 9]), k([-5, -9]), k([0, 1]), k([-3, -1])]),
  ],
  Softmax: [of([f(2, 3, 4)], { axis: 1 }), of([f(2, 3, 4)], {}, { opset: 11 })],
  SoftmaxCrossEntropyLoss: [
    of([f(3, 4), i32([0, 3, 1])], {}, { outputs: 2 }),
    of([f(3, 4), i32([0, 2, 1]), within(0.5, 1, 4)], { ignore_index: 2, reduction: "sum" }),
  ],
  Softplus: [unary],
  Softsign: [unary],
  SpaceToDepth: [of([f(1, 2, 4, 6)], { blocksize: 2 })],
  Split: [
    of([f(6, 2)], { axis: 0 }, { outputs: 3 }),
    of([f(2, 5), k([1, 4])], { axis: -1 }, { outputs: 2 }),
  ],
  Sqrt: [of([within(0.1, 2, 3)])],
  Squeeze: [of([f(1, 2, 1), k([-1])]), of([f(1, 2, 1)])],
  Sub: binary,
  Sum: [of([f(3), f(3), f(1)])],
  Swish: [of([f(5)], { alpha: float(1.5) }, { opset: 24 })],
  Tan: [of([within(-1, 1, 4)])],
  Tanh: [unary],
  ThresholdedRelu: [of([f(6)], { alpha: float(0.6) })],
  Tile: [of([f(2, 3), k([2, 3])])],
  Transpose: [of([f(2, 3, 4)]), of([f(2, 3, 4)], { perm: [1, 2, 0] })],
  Trilu: [of([f(3, 4), k([1], [])]), of([f(2, 3, 3)], { upper: 0 })],
  Unsqueeze: [of([f(2, 3), k([0, -1])])],
  Upsample: [of([f(1, 1, 2, 3), kf([1, 1, 2, 2])], { mode: "nearest" }, { opset: 9 })],
  Where: [of([truths([1, 0, 1]), f(2, 3), f(3)])],
  Xor: [logical],
};

interface Made {
  readonly bytes: Uint8Array;
  readonly given: Readonly<Record<string, Tensor>>;
}

/** A model of one node. Types of outputs are left to the readers. */
function modelOf(opType: string, { inputs, attributes = {}, outputs = 1, opset = 17 }: Case): Made {
  const names = inputs.map((input, i) => (input === undefined ? "" : `x${i}`));
  const given: Record<string, Tensor> = { outer: f(3).tensor };
  const stored: ReturnType<typeof tensorProto>[] = [];
  for (const [i, input] of inputs.entries()) {
    if (input === undefined) continue;
    const { tensor } = input;
    if (input.stored !== true) given[`x${i}`] = tensor;
    else if (tensor.dtype === "i32") {
      const long = BigInt64Array.from(tensor.data, BigInt);
      stored.push(tensorProto(`x${i}`, "i64", tensor.shape, bytesOf(long)));
    } else stored.push(tensorProto(`x${i}`, tensor.dtype, tensor.shape, bytesOf(tensor.data)));
  }
  const results = Array.from({ length: outputs }, (_, i) => `y${i}`);
  const model = modelProto(
    graphProto({
      name: opType,
      nodes: [nodeProto("", opType, names, results, attributes)],
      inputs: Object.entries(given).map(([name, { dtype, shape }]) =>
        valueInfo(name, dtype, shape),
      ),
      outputs: [],
      initializers: stored,
    }),
    17,
  );
  for (const entry of model.opsetImport) entry.version = BigInt(opset);
  if (opset > 17) model.irVersion = 10n;
  for (const name of results) {
    model.graph?.output.push({ $typeName: "onnx.ValueInfoProto", name, docString: "" });
  }
  return { bytes: modelBytes(model), given };
}

describe("operators of ONNX, beside ONNX Runtime", () => {
  it("every one that is read has a case, or is tested with loops", () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(importRules).sort());
    const none = Object.keys(cases).filter((name) => cases[name]?.length === 0);
    // Every op of core that is written as a loop is read back.
    expect(none).toEqual(["Loop", "Scan"]);
  });

  it("the documentation lists them", () => {
    const text = readFileSync(new URL("../../../docs/interop.md", import.meta.url), "utf8");
    const [, list = ""] = /<!-- operators -->([\s\S]*?)<!-- end -->/.exec(text) ?? [];
    expect(list.trim().split(/,\s+/)).toEqual(Object.keys(importRules).sort());
  });

  it.each(
    Object.entries(cases).flatMap(([name, all]) =>
      all.map((one, i) => [`${name} ${i}`, name, one] as const),
    ),
  )("%s", async (_label, name, one) => {
    const { bytes, given } = modelOf(name, one);
    const session = await sessionOf(bytes, "basic");
    const feeds = Object.fromEntries(
      Object.entries(given).map(([label, tensor]) => [label, toRuntime(tensor, tensor.dtype)]),
    );
    const results = await session.run(feeds);
    await session.release();
    const { outputs, inputs, program } = fromOnnx(bytes);
    const values: Record<string, Value> = { ...(program.values as Record<string, Value>) };
    for (const [label, tensor] of Object.entries(given)) {
      if (inputs[label] === undefined) continue;
      values[label] = tensor.shape.length === 0 ? (tensor.data[0] as number) : tensor;
    }
    for (const [label, node] of Object.entries(outputs)) {
      const found = asTensor(evaluate(node as Expr, values as never) as Value, node.dtype);
      const wanted = results[label];
      if (wanted === undefined) throw new Error(`no ${label}`);
      const long = wanted.type === "int64";
      const own = long
        ? new Tensor(wanted.dims, Int32Array.from(wanted.data as BigInt64Array, Number), "i32")
        : fromRuntime(wanted);
      expect(found.shape).toEqual(own.shape);
      for (const [i, value] of own.data.entries()) {
        const item = found.data[i] as number;
        if (item === value || (Number.isNaN(item) && Number.isNaN(value))) continue;
        expect(Math.abs(item - value)).toBeLessThanOrEqual(2e-5 * Math.max(1, Math.abs(value)));
      }
    }
  });

  it("knows the element types", () => {
    const types: readonly OnnxType[] = ["f64", "f32", "i32", "i64", "bool"];
    expect([11, 1, 6, 7, 9].map(dtypeOf)).toEqual(types);
    expect(dtypeOf(8)).toBeUndefined();
  });
});
