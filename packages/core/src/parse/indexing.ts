import { ShapeError } from "../errors.ts";
import type { Expr } from "../expr.ts";
import { reshape, slice } from "../ops/index.ts";
import { type Dim, formatShape } from "../shape.ts";

/** A single index, counted from 1, or a range of them, ends included. */
export type Index = number | IndexRange;

/** `start:step:end`; `undefined` for a lone colon, which is the whole axis. */
export type IndexRange =
  | { readonly start: number; readonly end: number; readonly step: number }
  | undefined;

/**
 * `x[i, j]`, counted from 1 as in mathjs; a range keeps its axis.
 *
 * Throws ShapeError for an index out of range, or too many.
 */
export function atIndices(x: Expr, indices: readonly Index[]): Expr {
  const rank = x.shape.length;
  if (indices.length > rank) {
    throw new ShapeError(
      `an index must name at most ${rank} axes of shape ${formatShape(x.shape)}, got ${indices.length}`,
    );
  }
  let out = x;
  const kept: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const index = indices[axis];
    if (typeof index === "number") out = part(out, axis, index, index, 1);
    else if (index !== undefined) out = part(out, axis, index.start, index.end, index.step);
    if (typeof index !== "number") kept.push(out.shape[axis] as Dim);
  }
  return kept.length === rank ? out : reshape(out, kept);
}

function part(x: Expr, axis: number, start: number, end: number, step: number): Expr {
  const size = x.shape[axis] as Dim;
  if (start < 1 || (typeof size === "number" && end > size)) {
    const wrong = start < 1 ? start : end;
    throw new ShapeError(`an index must lie in 1 … ${size}, got ${wrong}`);
  }
  if (step < 1 || end < start) {
    throw new ShapeError(`a range must run upwards, got ${start}:${step}:${end}`);
  }
  return slice(x, axis, start - 1, end, step);
}
