import { ShapeError } from "../errors.ts";
import type { Expr, Operand } from "../expr.ts";
import { operand } from "../operands.ts";
import { type Dim, formatShape, normalizeAxes, normalizeAxis } from "../shape.ts";
import { reshape, transpose } from "./movement.ts";

/** x with an axis of length 1 at `axis` of the result. */
export function expandDims(x: Operand, axis: number): Expr {
  const source = operand("expandDims", x);
  const at = normalizeAxis("expandDims", axis, source.shape.length + 1);
  const shape: Dim[] = [...source.shape];
  shape.splice(at, 0, 1);
  return reshape(source, shape);
}

/**
 * x without some axes of length 1, by default without any.
 *
 * Throws ShapeError if a named axis has another length.
 */
export function squeeze(x: Operand, axes?: number | readonly number[]): Expr {
  const source = operand("squeeze", x);
  const { shape } = source;
  const gone =
    axes === undefined
      ? shape.flatMap((dim, axis) => (dim === 1 ? [axis] : []))
      : normalizeAxes("squeeze", axes, shape.length);
  if (gone.some((axis) => shape[axis] !== 1)) {
    throw new ShapeError(
      `squeeze: axes ${gone.join(", ")} must have length 1, got ${formatShape(shape)}`,
    );
  }
  return reshape(
    source,
    shape.filter((_, axis) => !gone.includes(axis)),
  );
}

/** x with one axis at another place, the others in order. */
export function moveAxis(x: Operand, from: number, to: number): Expr {
  const source = operand("moveAxis", x);
  const rank = source.shape.length;
  const moved = normalizeAxis("moveAxis", from, rank);
  const order = source.shape.map((_, axis) => axis).filter((axis) => axis !== moved);
  order.splice(normalizeAxis("moveAxis", to, rank), 0, moved);
  return transpose(source, order);
}
