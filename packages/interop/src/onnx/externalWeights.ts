import { clearField, create } from "@bufbuild/protobuf";
import {
  TensorProto_DataLocation as Location,
  type ModelProto,
  StringStringEntryProtoSchema,
  TensorProtoSchema,
} from "./proto/onnx_pb.ts";

/** Smaller tensors stay in the model, where checkers read their values (ONNX's own threshold). */
const LEAST = 1024;

/** Tensors begin at multiples of a page, so that a runtime may map the file (ONNX's advice). */
const ALIGNMENT = 4096;

/** Takes the large weights of a model out into one array of bytes, in which it then looks for them. */
export function moveWeights(model: ModelProto, dataFile: string): Uint8Array {
  const moved = (model.graph?.initializer ?? []).filter(({ rawData }) => rawData.length >= LEAST);
  const starts: number[] = [];
  let end = 0;
  for (const { rawData } of moved) {
    const start = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    starts.push(start);
    end = start + rawData.length;
  }
  const data = new Uint8Array(end);
  for (const [i, tensor] of moved.entries()) {
    const start = starts[i] as number;
    data.set(tensor.rawData, start);
    const facts = { location: dataFile, offset: start, length: tensor.rawData.length };
    tensor.externalData = Object.entries(facts).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value: String(value) }),
    );
    tensor.dataLocation = Location.EXTERNAL;
    clearField(tensor, TensorProtoSchema.field.rawData);
  }
  return data;
}
