import { ArgumentError, describe, ShapeError } from "../errors.ts";
import type { Expr, Operand } from "../expr.ts";
import { operand } from "../operands.ts";
import { type Dim, formatShape } from "../shape.ts";
import { full } from "./movement.ts";
import { where } from "./select.ts";
import { place } from "./slicing.ts";

/** How much to add before and after the elements of an axis. */
export type Widths = number | readonly [before: number, after: number];

/**
 * x with elements of one value (0 by default) around it.
 *
 * Shapes: one width for all axes, or one for each; an axis of n becomes before + n + after.
 * Throws ShapeError for widths along a named size, ArgumentError for widths below 0.
 */
export function pad(x: Operand, widths: number | readonly Widths[], value = 0): Expr {
  const source = operand("pad", x);
  const { shape } = source;
  const pairs = padPairs(shape.length, widths);
  const zeroPadded = padZeros(source, pairs);
  if (value === 0 || zeroPadded === source) return zeroPadded;
  return where(padZeros(full(1, shape, "bool"), pairs), zeroPadded, value);
}

function padPairs(
  rank: number,
  widths: number | readonly Widths[],
): readonly (readonly [number, number])[] {
  const each = typeof widths === "number" ? new Array<Widths>(rank).fill(widths) : widths;
  const pairs = each.map((width) =>
    typeof width === "number" ? ([width, width] as const) : width,
  );
  if (pairs.length !== rank) {
    throw new ArgumentError(`pad: there must be widths for ${rank} axes, got ${pairs.length}`);
  }
  for (const width of pairs.flat()) {
    if (!Number.isSafeInteger(width) || width < 0) {
      throw new ArgumentError(`pad: widths must be whole numbers ≥ 0, got ${describe(width)}`);
    }
  }
  return pairs;
}

function padZeros(x: Expr, pairs: readonly (readonly [number, number])[]): Expr {
  let out = x;
  for (const [axis, [before, after]] of pairs.entries()) {
    if (before + after === 0) continue;
    const size = x.shape[axis] as Dim;
    if (typeof size !== "number") {
      throw new ShapeError(
        `pad: a padded axis must have a number for its size, got ${formatShape(x.shape)}`,
      );
    }
    out = place(out, axis, before + size + after, before);
  }
  return out;
}
