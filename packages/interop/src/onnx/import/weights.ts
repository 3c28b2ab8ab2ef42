import { ChainruleError, Tensor } from "@chainrule/core";
import { CONSTANT } from "../model.ts";
import type { GraphProto, TensorProto } from "../proto/onnx_pb.ts";
import type { FromOnnxOptions } from "./onnxModel.ts";
import { type ReadTensor, readTensor } from "./tensors.ts";

/** A stored tensor of floats: a weight. */
export interface Weight {
  readonly name: string;
  readonly tensor: Tensor;
  readonly trainable: boolean;
}

/** The weights of a graph: what it stores as floats. */
export function readWeights(graph: GraphProto, options: FromOnnxOptions): readonly Weight[] {
  const statistics = new Set(
    graph.node.flatMap(({ opType, input }) =>
      opType === "BatchNormalization" ? input.slice(3, 5) : [],
    ),
  );
  const usual = (name: string, shape: readonly number[]): boolean =>
    shape.length > 0 && !statistics.has(name);
  const { trainable = usual, dtype } = options;
  const out: Weight[] = [];
  for (const proto of graph.initializer) {
    if (proto.docString === CONSTANT) continue;
    const stored = readStored(proto, options);
    if (!(stored instanceof Tensor)) continue;
    const { name } = proto;
    const own = trainable(name, stored.shape);
    // A single number is a constant of the formula unless it shall learn.
    if (stored.shape.length === 0 && !own) continue;
    const tensor = dtype === undefined ? stored : converted(stored, dtype);
    out.push({ name, tensor, trainable: own });
  }
  return out;
}

/** A stored tensor. What is wrong with it is said with its name. */
export function readStored(proto: TensorProto, { external }: FromOnnxOptions): ReadTensor {
  try {
    return readTensor(proto, external);
  } catch (error) {
    if (error instanceof ChainruleError) {
      error.message = `tensor ${JSON.stringify(proto.name)}: ${error.message}`;
    }
    throw error;
  }
}

/** A tensor in another element type. */
export function converted(tensor: Tensor, dtype: "f32" | "f64"): Tensor {
  if (tensor.dtype === dtype) return tensor;
  const data = dtype === "f32" ? new Float32Array(tensor.data) : new Float64Array(tensor.data);
  return new Tensor(tensor.shape, data, dtype);
}
