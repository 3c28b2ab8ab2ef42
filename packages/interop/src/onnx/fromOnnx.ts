import { ArgumentError, ChainruleError, describe } from "@chainrule/core";
import { checkOperators, functionsOf, opsetOf } from "./import/checkModel.ts";
import { type FromOnnxOptions, OnnxModel } from "./import/onnxModel.ts";
import { modelOf } from "./model.ts";
import type { ModelProto } from "./proto/onnx_pb.ts";

/**
 * A model from the bytes of an ONNX file, as a graph of ours: to draw, explain, differentiate, train on and
 * export again.
 *
 * Opsets 7 to 24. Floats of half precision become f32, whole numbers i32; named sizes stay. Weights are
 * inputs of the program, whose values come along.
 * Throws ArgumentError for bytes that are no model, for operators that cannot be read, all at once, and for
 * whatever does not fit, with the node.
 * Source: https://onnx.ai/onnx/operators/
 */
export function fromOnnx(bytes: Uint8Array, options: FromOnnxOptions = {}): OnnxModel {
  const model = parsed(bytes);
  const { graph } = model;
  if (graph === undefined) {
    throw new ArgumentError("fromOnnx: the bytes must be a model of ONNX, got none with a graph");
  }
  const opset = opsetOf(model);
  const functions = functionsOf(model);
  checkOperators(graph, functions, opset);
  try {
    return new OnnxModel({ model, graph, opset, functions, options });
  } catch (error) {
    if (error instanceof ChainruleError && !error.message.startsWith("fromOnnx: ")) {
      error.message = `fromOnnx: ${error.message}`;
    }
    throw error;
  }
}

function parsed(bytes: Uint8Array): ModelProto {
  if (!(bytes instanceof Uint8Array)) {
    throw new ArgumentError(`fromOnnx: a model must be given as bytes, got ${describe(bytes)}`);
  }
  try {
    return modelOf(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ArgumentError(
      `fromOnnx: the bytes must be a model of ONNX, got ${bytes.length} bytes that are none: ${why}`,
    );
  }
}
