import {
  ArgumentError,
  type Bindable,
  describe,
  type Expr,
  Program,
  type Tensor,
} from "@chainrule/core";
import { modelProgram, Trainer } from "@chainrule/nn";
import { type ExportedModel, exportProgram, type OnnxOptions } from "./export/exportProgram.ts";
import { moveWeights } from "./externalWeights.ts";
import { OnnxModel } from "./import/onnxModel.ts";
import { modelBytes } from "./model.ts";

/** Options of `toOnnx`. */
export interface ToOnnxOptions extends OnnxOptions {
  /**
   * Of a trainer, what is written: the model as it predicts, with its weights (the default), or the whole
   * step of training, whose parameters and states are inputs and outputs.
   */
  readonly part?: "prediction" | "training";
}

/** Options of `toOnnxFiles`. */
export interface ToOnnxFilesOptions extends ToOnnxOptions {
  /** The name of the file of weights, as the model's file will find it beside itself. */
  readonly dataFile: string;
}

/** The most bytes that one message of protobuf may have. */
const LARGEST_FILE = 2 ** 31 - 1;

/**
 * A program, a trainer's model, or a model that was read, with its weights, as the bytes of an ONNX file: opset
 * 17 unless 21 is asked for.
 *
 * Names stay, named sizes stay open, loops are loops. Every derivative is part of the graph already, so
 * kinks have the branches chosen here. A state is an input, and an output named `….next`.
 * Throws ArgumentError for options out of range and for what ONNX has no form of, all at once.
 */
export function toOnnx<M extends string>(
  source: Program | Trainer<M> | OnnxModel,
  options: ToOnnxOptions = {},
): Uint8Array {
  const { model } = exported(source, options);
  const weights = model.graph?.initializer ?? [];
  const total = weights.reduce((sum, { rawData }) => sum + rawData.length, 0);
  if (total > LARGEST_FILE) {
    throw new ArgumentError(
      `toOnnx: a file must have less than 2 GiB, got weights of ${total} bytes; toOnnxFiles keeps them apart`,
    );
  }
  return modelBytes(model);
}

/** The same in two files: the model, and its large weights as raw bytes. */
export function toOnnxFiles<M extends string>(
  source: Program | Trainer<M> | OnnxModel,
  { dataFile, ...options }: ToOnnxFilesOptions,
): { readonly model: Uint8Array; readonly data: Uint8Array } {
  const plain =
    typeof dataFile === "string" && /^[^/\\]+$/.test(dataFile) && !/^\.+$/.test(dataFile);
  if (!plain) {
    throw new ArgumentError(
      `toOnnxFiles: dataFile must be the name of a file beside the model's, got ${describe(dataFile)}`,
    );
  }
  const { model } = exported(source, options);
  const data = moveWeights(model, dataFile);
  return { model: modelBytes(model), data };
}

function exported<M extends string>(
  source: Program | Trainer<M> | OnnxModel,
  options: ToOnnxOptions,
): ExportedModel {
  if (source instanceof Program) return exportProgram(source, options);
  if (source instanceof OnnxModel) {
    const { values = source.program.values, ...rest } = options;
    return exportProgram(source.program, { ...rest, values });
  }
  if (!(source instanceof Trainer)) {
    throw new ArgumentError(
      `toOnnx: the source must be a program, a trainer or a model that was read, got ${describe(source)}`,
    );
  }
  const { part = "prediction", ...rest } = options;
  if (part === "training") return exportProgram(source.program, rest);
  if (part !== "prediction") {
    throw new ArgumentError(
      `toOnnx: part must be "prediction" or "training", got ${describe(part)}`,
    );
  }
  const values = new Map<Expr, Bindable>();
  for (const [path, { node }] of source.model.kept) values.set(node, weightOf(source.get(path)));
  return exportProgram(modelProgram(source.model), { ...rest, values });
}

function weightOf(tensor: Tensor): Bindable {
  return tensor.shape.length === 0 ? (tensor.data[0] as number) : tensor;
}
