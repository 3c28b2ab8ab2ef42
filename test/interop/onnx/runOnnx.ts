import { allocate, type DType, type Expr, Program, Tensor, type Value } from "@chainrule/core";
import * as ort from "onnxruntime-node";
import {
  type ExportedModel,
  exportProgram,
  type OnnxOptions,
} from "../../../packages/interop/src/onnx/export/exportProgram.ts";
import { modelBytes } from "../../../packages/interop/src/onnx/model.ts";
import { asTensor } from "./tensors.ts";

const types = { f64: "float64", f32: "float32", i32: "int32", bool: "bool" } as const;

/**
 * One session of ONNX Runtime on one thread: tests run side by side. Its further optimizations join products
 * with factors of single precision, double ones too; where digits count they are left out.
 */
export function sessionOf(
  bytes: Uint8Array,
  graphOptimizationLevel: "basic" | "all",
): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    graphOptimizationLevel,
  });
}

/** A value as ONNX Runtime takes it. */
export function toRuntime(value: Value, dtype: DType): ort.Tensor {
  const { data, shape } = asTensor(value, dtype);
  return new ort.Tensor(types[dtype], data as never, shape);
}

/** What ONNX Runtime gives, as a tensor of ours. */
export function fromRuntime({ type, data, dims }: ort.Tensor): Tensor {
  const dtype = (Object.keys(types) as DType[]).find((one) => types[one] === type) as DType;
  const own = allocate(dtype, data.length);
  own.set(data as Float64Array);
  return new Tensor(dims, own, dtype);
}

/** Runs an exported model on values of its inputs. */
export async function runModel(
  { model, inputs }: ExportedModel,
  values: ReadonlyMap<Expr, Value>,
): Promise<ReadonlyMap<string, Tensor>> {
  const double = [...inputs.values()].some(({ dtype }) => dtype === "f64");
  const session = await sessionOf(modelBytes(model), double ? "basic" : "all");
  const feeds: Record<string, ort.Tensor> = {};
  for (const [name, node] of inputs) {
    feeds[name] = toRuntime(values.get(node) as Value, node.dtype);
  }
  const results = await session.run(feeds);
  await session.release();
  return new Map(Object.entries(results).map(([name, value]) => [name, fromRuntime(value)]));
}

/** Expressions run by ONNX Runtime, in order. */
export async function runOnnx(
  outputs: readonly Expr[],
  values: ReadonlyMap<Expr, Value>,
  options: OnnxOptions = {},
): Promise<readonly Tensor[]> {
  const definitions = Object.fromEntries(outputs.map((node, i) => [`y${i}`, node]));
  const variables = Object.fromEntries([...values.keys()].map((node, i) => [`v${i}`, node]));
  const exported = exportProgram(new Program({ variables, definitions }), options);
  const results = await runModel(exported, values);
  return outputs.map((_, i) => results.get(`y${i}`) as Tensor);
}
