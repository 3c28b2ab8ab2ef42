import { ArgumentError, describe, Expr, formatShape, ShapeError } from "@chainrule/core";

/** Throws ArgumentError unless a value is a whole number ≥ `least`. */
export function positive(where: string, what: string, value: number, least = 1): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new ArgumentError(
      `${where}: ${what} must be a whole number ≥ ${least}, got ${describe(value)}`,
    );
  }
}

/**
 * The length of an axis that parameters depend on.
 *
 * Throws ShapeError if it is not known, ArgumentError for several expressions, as a layer before may give.
 */
export function sizeOfAxis(where: string, x: Expr, axis: number): number {
  if (!(x instanceof Expr)) {
    throw new ArgumentError(`${where}: the input must be one expression, got ${describe(x)}`);
  }
  const size = x.shape.at(axis);
  if (typeof size !== "number") {
    const place = axis === -1 ? "the last axis" : `axis ${axis}`;
    throw new ShapeError(
      `${where}: ${place} of the input must have a known length, got ${formatShape(x.shape)}`,
    );
  }
  return size;
}

/** Throws ShapeError unless the input has so many axes, written out as `[batch, channels, width]`. */
export function needsAxes(where: string, x: Expr, names: readonly string[]): void {
  if (x.shape.length !== names.length) {
    throw new ShapeError(
      `${where}: the input must have ${names.length} axes [${names.join(", ")}], got ${formatShape(x.shape)}`,
    );
  }
}
