import { allocate, type DType, roundTo, type TypedArray } from "./dtype.ts";
import { ArgumentError, describe, ShapeError } from "./errors.ts";
import { elementCount, formatShape, SCALAR } from "./shape.ts";

/** Numbers in nested arrays, one level an axis. */
export type Nested = number | boolean | readonly Nested[];

/** An array of numbers at run time: shape, element type, and row-major elements. */
export class Tensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: TypedArray;

  constructor(shape: readonly number[], data: TypedArray, dtype: DType = dtypeOf(data)) {
    if (elementCount(shape) !== data.length) {
      throw new ShapeError(
        `Tensor: shape ${formatShape(shape)} must hold ${data.length} elements, got ${elementCount(shape)}`,
      );
    }
    this.shape = shape;
    this.dtype = dtype;
    this.data = data;
  }

  /** The elements as nested arrays. */
  toArray(): Nested {
    let level: Nested[] = Array.from(this.data);
    for (let axis = this.shape.length - 1; axis > 0; axis--) {
      const size = this.shape[axis] as number;
      const count = elementCount(this.shape.slice(0, axis));
      const next: Nested[] = new Array(count);
      for (let i = 0; i < count; i++) next[i] = level.slice(i * size, (i + 1) * size);
      level = next;
    }
    return this.shape.length === 0 ? (level[0] as number) : level;
  }

  /** Type, shape and the first elements: `f64[3] [12, 0, 0]`. */
  toString(): string {
    const items = Array.from(this.data.slice(0, SHOWN)).join(", ");
    const more = this.data.length > SHOWN ? ", …" : "";
    return `${this.dtype}${formatShape(this.shape)} [${items}${more}]`;
  }
}

/** Elements that `toString` shows. */
const SHOWN = 8;

/** What a node is worth at run time: a number where the shape is [], else a tensor. */
export type Value = number | Tensor;

function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float64Array) return "f64";
  if (data instanceof Float32Array) return "f32";
  return data instanceof Int32Array ? "i32" : "bool";
}

/** A value as a tensor, numbers with shape []. */
export function asTensor(value: Value, dtype: DType = "f64"): Tensor {
  if (typeof value !== "number") return value;
  const data = allocate(dtype, 1);
  data[0] = value;
  return new Tensor(SCALAR, data, dtype);
}

/** A tensor as a value: shape [] becomes a number. */
export function asValue(tensor: Tensor): Value {
  return tensor.shape.length === 0 ? (tensor.data[0] as number) : tensor;
}

/** A zero tensor. */
export function zeros(shape: readonly number[], dtype: DType): Tensor {
  return new Tensor(shape, allocate(dtype, elementCount(shape)), dtype);
}

/** Nesting deeper than this is taken for a mistake (a cyclic array would never end). */
const MAX_RANK = 32;

/**
 * A tensor from nested arrays.
 *
 * Throws ShapeError where rows differ in length, ArgumentError where an element is no number.
 */
export function fromNested(where: string, nested: Nested, dtype: DType): Tensor {
  const shape: number[] = [];
  for (let at: unknown = nested; Array.isArray(at); at = at[0]) {
    if (shape.length === MAX_RANK) {
      throw new ShapeError(`${where}: arrays must nest at most ${MAX_RANK} deep, got more`);
    }
    shape.push(at.length);
  }
  let level: readonly Nested[] = [nested];
  for (const size of shape) {
    const next: Nested[] = [];
    for (const row of level) {
      if (!Array.isArray(row) || row.length !== size) {
        throw new ShapeError(
          `${where}: rows must have equal lengths, got ${describe(row)} beside an array of ${size}`,
        );
      }
      for (const item of row) next.push(item);
    }
    level = next;
  }
  const data = allocate(dtype, level.length);
  for (let i = 0; i < level.length; i++) {
    const item: unknown = level[i];
    if (typeof item !== "number" && typeof item !== "boolean") {
      throw new ArgumentError(`${where}: elements must be numbers, got ${describe(item)}`);
    }
    data[i] = roundTo(dtype, Number(item));
  }
  return new Tensor(shape, data, dtype);
}
