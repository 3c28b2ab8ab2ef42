import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { Shape, TypedArray } from "@chainrule/core";
import { dataTypeOf, type OnnxType } from "./dtype.ts";
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type FunctionProto,
  FunctionProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "./proto/onnx_pb.ts";

/** What an attribute of a node may hold here. A whole number is an int; a float is said to be one. */
export type AttributeValue =
  | number
  | string
  | readonly number[]
  | GraphProto
  | { readonly float: number };

/** An attribute from its value. */
export function attributeProto(name: string, value: AttributeValue): AttributeProto {
  const made = (content: MessageInitShape<typeof AttributeProtoSchema>): AttributeProto =>
    create(AttributeProtoSchema, { name, ...content });
  if (typeof value === "number") return made({ type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === "string") {
    return made({ type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  }
  if ("float" in value) return made({ type: AttributeType.FLOAT, f: value.float });
  if ("$typeName" in value) return made({ type: AttributeType.GRAPH, g: value });
  return made({ type: AttributeType.INTS, ints: value.map(BigInt) });
}

/** A node; an input without a name is one that is left out. */
export function nodeProto(
  name: string,
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>>,
): NodeProto {
  const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
  return create(NodeProtoSchema, {
    name,
    opType,
    input: [...input],
    output: [...output],
    attribute,
  });
}

/** A tensor whose elements are given as bytes, in row-major order and little-endian. */
export function tensorProto(
  name: string,
  dtype: OnnxType,
  shape: readonly number[],
  rawData: Uint8Array,
): TensorProto {
  const dims = shape.map(BigInt);
  return create(TensorProtoSchema, { name, dataType: dataTypeOf(dtype), dims, rawData });
}

/** What the file says of a stored tensor that is part of a formula, and no weight. */
export const CONSTANT = "constant";

/** The bytes of an array's elements, little-endian whatever the machine. */
export function bytesOf(data: TypedArray | BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  const size = data.BYTES_PER_ELEMENT;
  const bigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;
  if (bigEndian) for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
  return bytes;
}

/** A name with type and shape; named sizes stay. */
export function valueInfo(name: string, dtype: OnnxType, shape: Shape): ValueInfoProto {
  const dim = shape.map((size) => ({
    value:
      typeof size === "number"
        ? ({ case: "dimValue", value: BigInt(size) } as const)
        : ({ case: "dimParam", value: size } as const),
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType: dataTypeOf(dtype), shape: { dim } } } },
  });
}

/** The parts of a graph. */
export interface GraphParts {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  readonly initializers?: readonly TensorProto[];
  readonly values?: readonly ValueInfoProto[];
}

/** A graph from its parts. */
export function graphProto(parts: GraphParts): GraphProto {
  return create(GraphProtoSchema, {
    name: parts.name,
    node: [...parts.nodes],
    input: [...parts.inputs],
    output: [...parts.outputs],
    initializer: [...(parts.initializers ?? [])],
    valueInfo: [...(parts.values ?? [])],
  });
}

/** The version of the format that came with each version of the operators. */
const irVersions = { 17: 8n, 21: 10n } as const;

/** A version of ONNX's operators that can be written. */
export type Opset = keyof typeof irVersions;

/** All that can be written. */
export const opsets: readonly Opset[] = [17, 21];

/** The domain of the functions that files of ours bring along. */
export const DOMAIN = "ai.chainrule";

/** A stored tensor as a node, for functions, which store none. */
export function constantNode({ name, ...tensor }: TensorProto): NodeProto {
  const t = create(TensorProtoSchema, { ...tensor, name });
  const value = create(AttributeProtoSchema, { name: "value", type: AttributeType.TENSOR, t });
  const node = nodeProto(name, "Constant", [], [name], {});
  node.attribute.push(value);
  return node;
}

/** The parts of a function of one output. */
export interface FunctionParts {
  readonly inputs: readonly string[];
  readonly output: string;
  readonly nodes: readonly NodeProto[];
  readonly opset: Opset;
}

/** A function that nodes of a model call. */
export function functionProto(
  name: string,
  { inputs, output, nodes, opset }: FunctionParts,
): FunctionProto {
  return create(FunctionProtoSchema, {
    name,
    domain: DOMAIN,
    input: [...inputs],
    output: [output],
    node: [...nodes],
    opsetImport: [{ domain: "", version: BigInt(opset) }],
  });
}

/** A model of one graph, with the functions that it calls. */
export function modelProto(
  graph: GraphProto,
  opset: Opset,
  functions: readonly FunctionProto[] = [],
): ModelProto {
  const own = functions.length === 0 ? [] : [{ domain: DOMAIN, version: 1n }];
  return create(ModelProtoSchema, {
    irVersion: irVersions[opset],
    opsetImport: [{ domain: "", version: BigInt(opset) }, ...own],
    producerName: "chainrule",
    graph,
    functions: [...functions],
  });
}

/** A model as the bytes of a file. */
export function modelBytes(model: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, model);
}

/** A model from the bytes of a file. Throws where they are no message of protobuf. */
export function modelOf(bytes: Uint8Array): ModelProto {
  return fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
}
