import type { DType } from "@chainrule/core";
import { TensorProto_DataType as DataType } from "./proto/onnx_pb.ts";

/** An element type of ONNX that exported graphs use: core's, and int64 for shapes and places. */
export type OnnxType = DType | "i64";

const codes: Readonly<Record<OnnxType, DataType>> = {
  f64: DataType.DOUBLE,
  f32: DataType.FLOAT,
  i32: DataType.INT32,
  i64: DataType.INT64,
  bool: DataType.BOOL,
};

/** The number that ONNX has for an element type. */
export function dataTypeOf(dtype: OnnxType): DataType {
  return codes[dtype];
}

/** The element type of a number of ONNX; `undefined` for those that core does not have. */
export function dtypeOf(dataType: number): OnnxType | undefined {
  return (Object.keys(codes) as OnnxType[]).find((dtype) => codes[dtype] === dataType);
}
