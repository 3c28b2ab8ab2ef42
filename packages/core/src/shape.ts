import { ShapeError } from "./errors.ts";

/** The length of an axis: a number, or a named size that is bound when the graph is evaluated. */
export type Dim = number | string;

/** Lengths of all axes, outermost first; a scalar has none. */
export type Shape = readonly Dim[];

/** The shape of a scalar. */
export const SCALAR: readonly [] = Object.freeze([]) as readonly [];

/** `[batch, 3]`, as shapes are written in messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Equal axis by axis. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * The common shape of two operands: axes are aligned from the last, and an axis of length 1 repeats.
 *
 * A named size meets itself or 1.
 * Throws ShapeError where two lengths differ.
 * Source: NumPy, "Broadcasting".
 */
export function broadcastShapes(where: string, a: Shape, b: Shape): Shape {
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = new Array(rank);
  for (let i = 1; i <= rank; i++) {
    const x = i > a.length ? 1 : (a[a.length - i] as Dim);
    const y = i > b.length ? 1 : (b[b.length - i] as Dim);
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(
        `${where}: shapes must be equal or broadcast, got ${formatShape(a)} and ${formatShape(b)}`,
      );
    }
    out[rank - i] = x === 1 ? y : x;
  }
  return out;
}

/** Throws ShapeError unless every axis is a whole number ≥ 0 or a name. */
export function checkShape(where: string, shape: Shape): void {
  if (!Array.isArray(shape)) {
    throw new ShapeError(`${where}: a shape must be an array of sizes, got ${String(shape)}`);
  }
  for (const dim of shape) {
    const ok =
      typeof dim === "string"
        ? /^[\p{L}_][\p{L}\p{N}_]*$/u.test(dim)
        : Number.isSafeInteger(dim) && dim >= 0;
    if (!ok) {
      throw new ShapeError(
        `${where}: a size must be a whole number ≥ 0 or a name, got ${formatShape(shape)}`,
      );
    }
  }
}

/** An axis counted from the end if negative, as an index from the front. */
export function normalizeAxis(where: string, axis: number, rank: number): number {
  const index = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(index) || index < 0 || index >= rank) {
    throw new ShapeError(`${where}: axis must lie in ${-rank} … ${rank - 1}, got ${axis}`);
  }
  return index;
}

/** Sorted distinct axes; all axes when none are given. */
export function normalizeAxes(
  where: string,
  axes: number | readonly number[] | undefined,
  rank: number,
): readonly number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = typeof axes === "number" ? [axes] : axes;
  const out = list.map((axis) => normalizeAxis(where, axis, rank));
  if (new Set(out).size !== out.length) {
    throw new ShapeError(`${where}: axes must be distinct, got [${list.join(", ")}]`);
  }
  return out.sort((x, y) => x - y);
}

/** Number of elements of a shape without named sizes. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const dim of shape) count *= dim;
  return count;
}

/** Row-major strides, in elements. */
export function strides(shape: readonly number[]): number[] {
  const out: number[] = new Array(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    out[i] = step;
    step *= shape[i] as number;
  }
  return out;
}

/** Values of named sizes, fixed by the arrays bound to variables. */
export type Sizes = ReadonlyMap<string, number>;

/** A shape with every named size replaced by its value. */
export function resolveShape(where: string, shape: Shape, sizes: Sizes): readonly number[] {
  let named = false;
  for (const dim of shape) if (typeof dim === "string") named = true;
  if (!named) return shape as readonly number[];
  return shape.map((dim) => {
    if (typeof dim === "number") return dim;
    const size = sizes.get(dim);
    if (size === undefined) {
      throw new ShapeError(
        `${where}: size "${dim}" must be fixed by a bound variable or by sizes, got shape ${formatShape(shape)}`,
      );
    }
    return size;
  });
}
