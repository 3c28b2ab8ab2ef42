import { ArgumentError, allocate, formatShape, ShapeError, Tensor } from "@chainrule/core";
import { countRows } from "./checks.ts";

/** Rows by number, in the order given; a row may come twice. Throws ArgumentError for one that is not there. */
export function selectRows(tensor: Tensor, order: ArrayLike<number>): Tensor {
  const rows = countRows("selectRows", tensor);
  const width = rows === 0 ? 0 : tensor.data.length / rows;
  const data = allocate(tensor.dtype, order.length * width);
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    if (!(Number.isInteger(row) && row >= 0 && row < rows)) {
      throw new ArgumentError(
        `selectRows: rows must be whole numbers 0 … ${rows - 1}, got ${row} at [${i}]`,
      );
    }
    data.set(tensor.data.subarray(row * width, (row + 1) * width), i * width);
  }
  return new Tensor([order.length, ...tensor.shape.slice(1)], data, tensor.dtype);
}

/** Rows from `start` up to `end`, as a view of the same memory. */
export function sliceRows(tensor: Tensor, start: number, end: number): Tensor {
  const rows = countRows("sliceRows", tensor);
  const width = rows === 0 ? 0 : tensor.data.length / rows;
  const data = tensor.data.subarray(start * width, end * width);
  return new Tensor([end - start, ...tensor.shape.slice(1)], data, tensor.dtype);
}

/**
 * The rows of several tensors one after another.
 *
 * Throws ShapeError unless all rows have one shape, ArgumentError unless they have one type.
 */
export function concatRows(where: string, tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  if (first === undefined) {
    throw new ArgumentError(`${where}: there must be at least one example, got an empty set`);
  }
  const row = formatShape(first.shape.slice(1));
  let length = 0;
  let rows = 0;
  for (const tensor of tensors) {
    rows += countRows(where, tensor);
    length += tensor.data.length;
    const own = formatShape(tensor.shape.slice(1));
    if (own !== row) {
      throw new ShapeError(`${where}: all examples must have one shape, got ${own} beside ${row}`);
    }
    if (tensor.dtype !== first.dtype) {
      throw new ArgumentError(
        `${where}: all parts must have one element type, got ${tensor.dtype} beside ${first.dtype}`,
      );
    }
  }
  const data = allocate(first.dtype, length);
  let at = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, at);
    at += tensor.data.length;
  }
  return new Tensor([rows, ...first.shape.slice(1)], data, first.dtype);
}
