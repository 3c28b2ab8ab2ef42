import { ArgumentError } from "../errors.ts";
import type { Expr, Scalar } from "../expr.ts";
import {
  type Coloring,
  colorColumns,
  type Pattern,
  patternOf,
  rowLength,
  transposed,
} from "./coloring.ts";
import {
  checkSide,
  type ScalarMatrix,
  type SweepPlan,
  scalarMatrix,
  type TensorMatrix,
  tensorMatrix,
} from "./sparseMatrix.ts";
import { dependencies } from "./sparsity.ts";

/**
 * The partial derivatives `∂y/∂x` that can differ from 0, from few sweeps.
 *
 * The pattern is propagated through the graph; columns that share no row (or rows that share no
 * column) are moved by one sweep. The few rows (or columns) that are dense get sweeps of their own.
 *
 * Shapes: lists of scalars, or y and x tensors of fixed size, whose elements count as rows and columns.
 * Source: Curtis, Powell & Reid 1974; Gebremedhin, Manne & Pothen, "What color is your Jacobian?", 2005.
 */
export function sparseJacobian(y: readonly Scalar[], x: readonly Scalar[]): ScalarMatrix;
export function sparseJacobian(y: Expr, x: Expr): TensorMatrix;
export function sparseJacobian(
  y: Expr | readonly Expr[],
  x: Expr | readonly Expr[],
): ScalarMatrix | TensorMatrix {
  checkSide("sparseJacobian", "y", y);
  checkSide("sparseJacobian", "x", x);
  const [ys, xs] = [y, x];
  if (Array.isArray(ys) !== Array.isArray(xs)) {
    throw new ArgumentError(
      "sparseJacobian: y and x must both be lists of scalars or both tensors, got one of each",
    );
  }
  if (Array.isArray(ys) && Array.isArray(xs)) {
    const found = dependencies("sparseJacobian", ys, xs);
    const pattern = patternOf(
      found.map((sets) => sets[0] as Int32Array),
      xs.length,
    );
    return scalarMatrix(ys, xs, pattern, planJacobian(pattern));
  }
  const [from, to] = [xs as Expr, ys as Expr];
  const [sets] = dependencies("sparseJacobian", [to], [from]);
  const width = from.shape.reduce<number>((product, size) => product * (size as number), 1);
  const pattern = patternOf(sets as readonly Int32Array[], width);
  return tensorMatrix(to, from, pattern, planJacobian(pattern));
}

/** The mode that takes fewer sweeps. */
function planJacobian(pattern: Pattern): SweepPlan {
  const across = transposed(pattern);
  const [byColumns, byRows] = [denseRows(pattern), denseRows(across)];
  if (byColumns.sweeps <= byRows.sweeps) {
    const coloring = colorColumns(pattern, byColumns.rows);
    const reverse = [...byColumns.rows].map((i) => [i]);
    const own = new Map([...byColumns.rows].map((i, d) => [i, d]));
    return withEntries(pattern, { forward: groups(coloring), reverse }, (i, j) => {
      const sweep = own.get(i);
      if (sweep === undefined) return [coloring.colors[j] as number, i];
      return [coloring.count + sweep, j];
    });
  }
  const coloring = colorColumns(across, byRows.rows);
  const forward = [...byRows.rows].map((j) => [j]);
  const own = new Map([...byRows.rows].map((j, d) => [j, d]));
  return withEntries(pattern, { forward, reverse: groups(coloring) }, (i, j) => {
    const sweep = own.get(j);
    if (sweep === undefined) return [forward.length + (coloring.colors[i] as number), j];
    return [sweep, i];
  });
}

/**
 * The rows to leave out, so that a sweep for each of them and a color for each entry of the longest
 * row left are fewest: that row's length is the least number of colors.
 */
function denseRows(pattern: Pattern): {
  readonly rows: ReadonlySet<number>;
  readonly sweeps: number;
} {
  const order = Array.from({ length: pattern.shape[0] }, (_, i) => i);
  order.sort((a, b) => rowLength(pattern, b) - rowLength(pattern, a) || a - b);
  let best = 0;
  let sweeps = Number.POSITIVE_INFINITY;
  for (let k = 0; k <= order.length; k++) {
    const longest = k === order.length ? 0 : rowLength(pattern, order[k] as number);
    if (k + longest >= sweeps) continue;
    sweeps = k + longest;
    best = k;
  }
  return { rows: new Set(order.slice(0, best)), sweeps };
}

/** The members of each color. */
export function groups({ colors, count }: Coloring): readonly (readonly number[])[] {
  const out: number[][] = Array.from({ length: count }, () => []);
  for (const [j, color] of colors.entries()) out[color]?.push(j);
  return out;
}

/** A plan with the sweep and the place of every entry of the pattern. */
export function withEntries(
  { shape, rows, columns }: Pattern,
  plan: Pick<SweepPlan, "forward" | "reverse">,
  find: (i: number, j: number) => readonly [sweep: number, place: number],
): SweepPlan {
  const sweeps = new Int32Array(columns.length);
  const places = new Int32Array(columns.length);
  for (let i = 0, k = 0; i < shape[0]; i++) {
    for (; k < (rows[i + 1] as number); k++) {
      const [sweep, place] = find(i, columns[k] as number);
      sweeps[k] = sweep;
      places[k] = place;
    }
  }
  return { ...plan, sweeps, places };
}
