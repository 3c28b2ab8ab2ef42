import { allocate, type Dim, type Expr, type Shape, Tensor } from "@chainrule/core";
import type { OnnxType } from "../dtype.ts";
import { bytesOf, CONSTANT, nodeProto, type Opset, tensorProto } from "../model.ts";
import type { Names } from "../names.ts";
import type { FunctionProto, NodeProto, TensorProto } from "../proto/onnx_pb.ts";

/** Constants of up to so many bytes are compared by content, so that a number is stored once. */
const COMPARED = 64;

/** What all graphs of one model share: names, constants, named sizes, and what cannot be written. */
export class ExportState {
  readonly opset: Opset;
  readonly names: Names;
  readonly initializers: TensorProto[] = [];
  /** Nodes of the outermost graph, whose values the graphs inside it see too. */
  readonly nodes: NodeProto[] = [];
  /** Functions of ours that nodes call, by name. */
  readonly functions: Map<string, FunctionProto> = new Map();
  /** What cannot be written, and why. */
  readonly problems: Set<string> = new Set();
  readonly fixed: Readonly<Record<string, number>>;
  readonly #constants = new Map<string, string>();
  readonly #tables = new Map<Tensor, Map<OnnxType, string>>();
  /** The value [1] of each named size. */
  readonly sizes: Map<string, string> = new Map();
  /** The value of each shape with named sizes. */
  readonly shapes: Map<string, string> = new Map();

  constructor(opset: Opset, names: Names, fixed: Readonly<Record<string, number>>) {
    this.opset = opset;
    this.names = names;
    this.fixed = fixed;
  }

  /** A size, as a number where it is fixed. */
  dim(size: Dim): Dim {
    return typeof size === "string" ? (this.fixed[size] ?? size) : size;
  }

  /** A shape, its sizes as numbers where they are fixed. */
  dims(shape: Shape): Shape {
    return shape.map((size) => this.dim(size));
  }

  /** A size as a value of shape [1]. */
  sizeValue(dim: Dim): string {
    const known = this.dim(dim);
    if (typeof known === "number") return this.#ints([known]);
    const value = this.sizes.get(known);
    if (value !== undefined) return value;
    this.problems.add(
      `size "${known}" (an input must have an axis of it, or options.sizes its length)`,
    );
    return this.#ints([1]);
  }

  /** A shape as a value. Named sizes are read from the inputs, once and outermost. */
  shapeValue(shape: Shape): string {
    const dims = this.dims(shape);
    if (dims.every((dim) => typeof dim === "number")) return this.#ints(dims as number[]);
    const key = dims.join();
    const known = this.shapes.get(key);
    if (known !== undefined) return known;
    const parts = dims.map((dim) => this.sizeValue(dim));
    const name = this.names.fresh("shape");
    this.nodes.push(nodeProto(name, "Concat", parts, [name], { axis: 0 }));
    this.shapes.set(key, name);
    return name;
  }

  #ints(values: readonly number[]): string {
    return this.constant("i64", [values.length], values);
  }

  /** A constant from numbers. */
  constant(dtype: OnnxType, shape: readonly number[], values: readonly number[]): string {
    const data = arrayOf(dtype, values);
    return this.#bytes(dtype, shape, bytesOf(data), "constant");
  }

  /** The constant of a node, in an element type. */
  table({ attributes, dtype: own }: Expr, dtype: OnnxType): string {
    const value = attributes["value"] as number | Tensor;
    if (!(value instanceof Tensor)) {
      return this.constant(dtype, [], [converted(value, dtype, own)]);
    }
    const known = this.#tables.get(value) ?? new Map<OnnxType, string>();
    this.#tables.set(value, known);
    const made = known.get(dtype);
    if (made !== undefined) return made;
    const data =
      dtype === value.dtype
        ? value.data
        : arrayOf(
            dtype,
            Array.from(value.data, (item) => converted(item, dtype, own)),
          );
    const name = this.#bytes(dtype, value.shape, bytesOf(data), "table");
    known.set(dtype, name);
    return name;
  }

  #bytes(dtype: OnnxType, shape: readonly number[], bytes: Uint8Array, base: string): string {
    const small = bytes.length <= COMPARED;
    const key = small ? `${dtype} ${shape.join()} ${bytes.join()}` : "";
    const known = small ? this.#constants.get(key) : undefined;
    if (known !== undefined) return known;
    const name = this.names.fresh(base);
    const stored = tensorProto(name, dtype, shape, bytes);
    stored.docString = CONSTANT;
    this.initializers.push(stored);
    if (small) this.#constants.set(key, name);
    return name;
  }
}

/** A number of one element type in another, as a cast would make it. */
function converted(value: number, dtype: OnnxType, own: OnnxType): number {
  if (dtype === "bool") return value === 0 ? 0 : 1;
  const whole = (dtype === "i32" || dtype === "i64") && (own === "f32" || own === "f64");
  return whole ? Math.trunc(value) : value;
}

function arrayOf(
  dtype: OnnxType,
  values: readonly number[],
): ReturnType<typeof allocate> | BigInt64Array {
  if (dtype === "i64") return BigInt64Array.from(values, toInt64);
  const data = allocate(dtype, values.length);
  data.set(values);
  return data;
}

/** ±∞ stands for the ends of the range. */
function toInt64(value: number): bigint {
  if (value === Number.POSITIVE_INFINITY) return 2n ** 63n - 1n;
  return value === Number.NEGATIVE_INFINITY ? -(2n ** 63n) : BigInt(value);
}
