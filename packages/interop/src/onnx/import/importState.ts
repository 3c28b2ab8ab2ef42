import type { DType, Expr, Tensor } from "@chainrule/core";
import type { FunctionProto, TensorProto } from "../proto/onnx_pb.ts";
import type { ReadTensor } from "./tensors.ts";

/** What all graphs of one model share while they are read. */
export interface ImportState {
  readonly opset: number;
  /** Which of `atZero` kinks have: that of the engine which the model comes from. */
  readonly atZero: 0 | 1;
  /** Floats of the model as the element type that they are read in. */
  readonly floats: DType | undefined;
  readonly functions: ReadonlyMap<string, FunctionProto>;
  /** The values of weights, for what must be known now. */
  readonly stored: Map<Expr, Tensor>;
  /** Reads a stored tensor, checked. */
  readonly tensor: (proto: TensorProto) => ReadTensor;
  /** Names that the file has for values. */
  readonly names: Map<Expr, string>;
  /** The modules that nodes were built under, by the paths in the nodes' names. */
  readonly scopes: Map<Expr, readonly string[]>;
}

/** The name by which a function of the model is called. */
export function functionKey(domain: string, name: string): string {
  return `${plainDomain(domain)}:${name}`;
}

/** The domain of ONNX's own operators has two names. */
export function plainDomain(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

/** An element type as it is read: floats in the type asked for. */
export function readAs({ floats }: ImportState, dtype: DType): DType {
  return floats !== undefined && (dtype === "f32" || dtype === "f64") ? floats : dtype;
}
