import type { DType } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import type { Expr } from "../expr.ts";
import { broadcastShapes, type Dim, formatShape, type Shape } from "../shape.ts";
import { cast } from "./cast.ts";
import { equal, greaterEqual, lessEqual } from "./comparison.ts";
import { iota } from "./iota.ts";
import { broadcastTo, reshape } from "./movement.ts";
import { where } from "./select.ts";

/** Identity matrix. Shapes: → [size, size]. */
export function eye(size: Dim, dtype: DType = "f64"): Expr {
  const { row, column } = indices(size, size);
  return cast(equal(row, column), dtype);
}

/** x with 0 above the diagonal. Shapes: x [..., n, m] → the same. */
export function lowerTriangle(x: Expr): Expr {
  const { row, column } = indicesOf(x);
  return where(greaterEqual(row, column), x, 0);
}

/** x with 0 below the diagonal. Shapes: x [..., n, m] → the same. */
export function upperTriangle(x: Expr): Expr {
  const { row, column } = indicesOf(x);
  return where(lessEqual(row, column), x, 0);
}

function indicesOf({ shape }: Expr): { row: Expr; column: Expr } {
  return indices(shape.at(-2) as Dim, shape.at(-1) as Dim);
}

function indices(rows: Dim, columns: Dim): { row: Expr; column: Expr } {
  return { row: reshape(iota(rows), [rows, 1]), column: iota(columns) };
}

/** Throws ShapeError unless the last two axes are of one length. */
export function checkSquare(where_: string, { shape }: Expr): void {
  if (shape.length < 2 || shape.at(-1) !== shape.at(-2)) {
    throw new ShapeError(
      `${where_}: the last two axes must be those of a square matrix, got ${formatShape(shape)}`,
    );
  }
}

/**
 * The operands of `A x = b` with equal leading axes, b as a matrix; and the shape of the answer.
 *
 * A vector b is one column. Throws ShapeError where they do not fit.
 */
export function systemOperands(
  where_: string,
  a: Expr,
  b: Expr,
): { readonly left: Expr; readonly right: Expr; readonly shape: Shape } {
  checkSquare(where_, a);
  const vector = b.shape.length === 1;
  const right = vector ? reshape(b, [b.shape[0] as Dim, 1]) : b;
  if (right.shape.length < 2 || right.shape.at(-2) !== a.shape.at(-1)) {
    throw new ShapeError(
      `${where_}: the right side must have a row for each row of the matrix, got ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  const lead = broadcastShapes(where_, a.shape.slice(0, -2), right.shape.slice(0, -2));
  const wide = [...lead, ...right.shape.slice(-2)];
  return {
    left: spread(a, [...lead, ...a.shape.slice(-2)]),
    right: spread(right, wide),
    shape: vector ? wide.slice(0, -1) : wide,
  };
}

function spread(x: Expr, shape: Shape): Expr {
  return shape.length === x.shape.length && shape.every((dim, i) => dim === x.shape[i])
    ? x
    : broadcastTo(x, shape);
}
