import { ArgumentError, constant, type DType, type Expr, Tensor } from "@chainrule/core";
import {
  type Tensor as StoredTensor,
  type DType as StoredType,
  toNumbers,
} from "@chainrule/safetensors";
import {
  TensorProto_DataType as DataType,
  TensorProto_DataLocation as Location,
  type TensorProto,
} from "../proto/onnx_pb.ts";
import { constantOf, Known, type OnnxValue } from "./known.ts";

/** Reads a file of weights that lies beside the model's own. */
export type ExternalReader = (file: string) => Uint8Array;

/** Element types that are read, how they lie in raw bytes, and what they become. */
const types: Readonly<
  Partial<Record<number, { readonly raw: StoredType; readonly dtype: DType }>>
> = {
  [DataType.FLOAT]: { raw: "F32", dtype: "f32" },
  [DataType.DOUBLE]: { raw: "F64", dtype: "f64" },
  [DataType.FLOAT16]: { raw: "F16", dtype: "f32" },
  [DataType.BFLOAT16]: { raw: "BF16", dtype: "f32" },
  [DataType.INT64]: { raw: "I64", dtype: "i32" },
  [DataType.INT32]: { raw: "I32", dtype: "i32" },
  [DataType.INT16]: { raw: "I16", dtype: "i32" },
  [DataType.INT8]: { raw: "I8", dtype: "i32" },
  [DataType.UINT64]: { raw: "U64", dtype: "i32" },
  [DataType.UINT32]: { raw: "U32", dtype: "i32" },
  [DataType.UINT16]: { raw: "U16", dtype: "i32" },
  [DataType.UINT8]: { raw: "U8", dtype: "i32" },
  [DataType.BOOL]: { raw: "BOOL", dtype: "bool" },
};

/** The element type that one of ONNX becomes here. Throws ArgumentError for texts, complex and other numbers. */
export function dtypeFrom(dataType: number): DType {
  const found = types[dataType];
  if (found !== undefined) return found.dtype;
  const name = DataType[dataType] ?? `number ${dataType}`;
  throw new ArgumentError(
    `the element type must be of floats, whole numbers or truth values, got ${name}`,
  );
}

/** More elements than this are never looked at as sizes or places. */
export const MOST_KNOWN = 4096;

/** A tensor of floats as it is stored; whole numbers and truth values as a value. */
export type ReadTensor = Tensor | OnnxValue;

/** A stored tensor. Throws ArgumentError where type, shape and bytes do not fit each other. */
export function readTensor(proto: TensorProto, external: ExternalReader | undefined): ReadTensor {
  const dtype = dtypeFrom(proto.dataType);
  const shape = proto.dims.map(Number);
  let count = 1;
  for (const size of shape) {
    if (!(Number.isSafeInteger(size) && size >= 0)) {
      throw new ArgumentError(`sizes must be whole numbers ≥ 0, got [${shape.join(", ")}]`);
    }
    count *= size;
  }
  if (!Number.isSafeInteger(count)) {
    throw new ArgumentError(
      `a tensor must have less than 2^53 elements, got [${shape.join(", ")}]`,
    );
  }
  const numbers = numbersOf(proto, count, external);
  if (numbers.length !== count) {
    throw new ArgumentError(
      `a tensor of shape [${shape.join(", ")}] must have ${count} elements, got ${numbers.length}`,
    );
  }
  if (dtype === "f32" || dtype === "f64") {
    const data = dtype === "f32" ? new Float32Array(numbers) : new Float64Array(numbers);
    return new Tensor(shape, data, dtype);
  }
  if (count > MOST_KNOWN) return constantOf(shape, numbers, dtype === "bool", proto.name);
  return new Known(shape, Array.from(numbers), dtype === "bool", proto.name);
}

/** A tensor as a constant of the graph. */
export function constantFrom(tensor: Tensor): Expr {
  return tensor.shape.length === 0
    ? constant(tensor.data[0] as number, tensor.dtype)
    : constant(tensor);
}

/** The elements, which lie in bytes, in another file, or in a list of their own for each kind. */
function numbersOf(
  proto: TensorProto,
  count: number,
  external: ExternalReader | undefined,
): ArrayLike<number> {
  const { raw } = types[proto.dataType] as { readonly raw: StoredType };
  if (proto.dataLocation === Location.EXTERNAL) {
    return fromBytes(raw, count, externalBytes(proto, external), proto.name);
  }
  if (proto.rawData.length > 0) return fromBytes(raw, count, proto.rawData, proto.name);
  if (raw === "F32") return proto.floatData;
  if (raw === "F64") return proto.doubleData;
  if (raw === "I64") return proto.int64Data.map(Number);
  if (raw === "U64" || raw === "U32") return proto.uint64Data.map(Number);
  if (raw === "F16" || raw === "BF16") {
    const data = Uint16Array.from(proto.int32Data);
    return toNumbers({ dtype: raw, shape: [data.length], data }, proto.name);
  }
  return proto.int32Data;
}

const widths: Readonly<Partial<Record<StoredType, number>>> = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
};

/** Little-endian bytes as numbers. */
function fromBytes(
  dtype: StoredType,
  count: number,
  bytes: Uint8Array,
  name: string,
): ArrayLike<number> {
  const width = widths[dtype] ?? 1;
  if (bytes.length !== count * width) {
    throw new ArgumentError(
      `${count} elements must have ${count * width} bytes, got ${bytes.length}`,
    );
  }
  // A copy that begins where its memory does; `slice` of Node's Buffer is none.
  const own = new Uint8Array(bytes);
  const views = {
    F64: Float64Array,
    F32: Float32Array,
    I64: BigInt64Array,
    U64: BigUint64Array,
    I32: Int32Array,
    U32: Uint32Array,
    F16: Uint16Array,
    BF16: Uint16Array,
    I16: Int16Array,
    U16: Uint16Array,
    I8: Int8Array,
    U8: Uint8Array,
    BOOL: Uint8Array,
  } as const;
  const data = new views[dtype as keyof typeof views](own.buffer);
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  // Sentinels such as the largest int64 are no exact numbers, and only ever mean "to the end".
  if (data instanceof BigInt64Array || data instanceof BigUint64Array)
    return Array.from(data, Number);
  return toNumbers({ dtype, shape: [count], data } as StoredTensor, name);
}

/** The bytes of a tensor in a file beside the model's. */
function externalBytes(
  { externalData }: TensorProto,
  external: ExternalReader | undefined,
): Uint8Array {
  const facts = new Map(externalData.map(({ key, value }) => [key, value]));
  const file = facts.get("location") ?? "";
  const parts = file.split(/[/\\]/);
  if (file === "" || file.includes("\0") || /^([/\\]|[a-z]:)/i.test(file) || parts.includes("..")) {
    throw new ArgumentError(
      `a file of weights must lie beside the model or below, got ${JSON.stringify(file)}`,
    );
  }
  if (external === undefined) {
    throw new ArgumentError(
      `options.external must read the weights that lie in another file, got none for ${JSON.stringify(file)}`,
    );
  }
  const bytes = external(file);
  const start = Number(facts.get("offset") ?? 0);
  const length = Number(facts.get("length") ?? bytes.length - start);
  const whole = [start, length].every((item) => Number.isSafeInteger(item) && item >= 0);
  if (!whole || start + length > bytes.length) {
    throw new ArgumentError(
      `weights must lie within the ${bytes.length} bytes of ${JSON.stringify(file)}, got ${length} from ${start} on`,
    );
  }
  return bytes.subarray(start, start + length);
}
