import { ArgumentError, describe, ShapeError } from "../errors.ts";
import type { Expr, Scalar } from "../expr.ts";
import { withFolding } from "../intern.ts";
import { mul } from "../ops/arithmetic.ts";
import { map } from "../ops/control/map.ts";
import { constant } from "../ops/leaf.ts";
import { eye } from "../ops/matrices.ts";
import { full, reshape } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { elementCount, formatShape } from "../shape.ts";
import { pushforward } from "./forward.ts";
import { listOf } from "./products.ts";
import { checkScalar, checkWrt, pullback, zerosLike } from "./reverse.ts";

/** Entries of one y: a tuple for a list of x. */
type RowOf<Y, X> = X extends readonly Expr[]
  ? { -readonly [K in keyof X]: EntryOf<Y, X[K]> }
  : EntryOf<Y, X>;

/** `∂y/∂x` of scalars is a scalar. */
type EntryOf<Y, X> = Y extends Scalar ? (X extends Scalar ? Scalar : Expr) : Expr;

/** A tuple of rows for a list of y. */
export type JacobianOf<Y, X> = Y extends readonly Expr[]
  ? { -readonly [K in keyof Y]: RowOf<Y[K], X> }
  : RowOf<Y, X>;

/**
 * All partial derivatives `∂y/∂x`.
 *
 * Lists give tuples: of rows for a list of y, of entries for a list of x, so that scalars give a
 * matrix of scalars. Between tensors it is one expression, by the mode that needs fewer sweeps, which
 * are mapped over a basis and share what does not depend on it.
 *
 * Shapes: y [m...], x [n...] → [m..., n...]. Sizes must be numbers: for a named batch, map the
 * function over it, `map((x) => jacobian(f(x), x), xs)`.
 */
export function jacobian<
  const Y extends Expr | readonly Expr[],
  const X extends Expr | readonly Expr[],
>(y: Y, x: X): JacobianOf<Y, X> {
  const ys = listOf(y);
  const xs = listOf(x);
  checkWrt("jacobian", [...ys, ...xs]);
  const rows = rowsOf(ys, xs).map((row) => (Array.isArray(x) ? row : row[0]));
  return (Array.isArray(y) ? rows : rows[0]) as JacobianOf<Y, X>;
}

function rowsOf(ys: readonly Expr[], xs: readonly Expr[]): (readonly Expr[])[] {
  const scalars = [...ys, ...xs].every(({ shape }) => shape.length === 0);
  if (!scalars) return ys.map((y) => xs.map((x) => block(y, x)));
  if (ys.length <= xs.length) return ys.map((y) => gradientOf(y, xs));
  const columns = xs.map((x) => pushforward(ys, [x], [constant(1, x.dtype)]));
  return ys.map((y, i) => xs.map((_, j) => columns[j]?.[i] ?? constant(0, y.dtype)));
}

/** The gradient of one scalar. */
function gradientOf(y: Expr, xs: readonly Expr[]): readonly Expr[] {
  const adjoints = pullback([y], [constant(1, y.dtype)], xs);
  return xs.map((x, j) => adjoints[j] ?? zerosLike(x));
}

/** `∂y/∂x` of one y by one x, of any shapes. */
function block(y: Expr, x: Expr): Expr {
  if (y.shape.length === 0) return gradientOf(y, [x])[0] as Expr;
  if (x.shape.length === 0) {
    return pushforward([y], [x], [constant(1, x.dtype)])[0] ?? zerosLike(y);
  }
  const from = sizesOf(x);
  const to = sizesOf(y);
  const [n, m] = [elementCount(from), elementCount(to)];
  const shape = [...to, ...from];
  const forward = n <= m;
  const [across, count] = forward ? [x, n] : [y, m];
  const basis = reshape(eye(count, across.dtype), [count, ...across.shape]);
  let connected = true;
  const sweep = (direction: Expr): Expr => {
    const found = forward
      ? pushforward([y], [x], [direction])[0]
      : pullback([y], [direction], [x])[0];
    connected = found !== undefined;
    return found ?? zerosLike(forward ? y : x);
  };
  const entries = map(sweep, basis, { outAxis: forward ? to.length : 0 });
  return connected ? reshape(entries, shape) : full(0, shape, y.dtype);
}

function sizesOf({ shape }: Expr): readonly number[] {
  if (shape.some((dim) => typeof dim === "string")) {
    throw new ShapeError(
      `jacobian: sizes must be numbers, got ${formatShape(shape)}; map the function over a named batch`,
    );
  }
  return shape as readonly number[];
}

/**
 * Second derivatives `∂²y/∂x²` of a scalar, forward over reverse.
 *
 * Shapes: x [n...] → [n..., n...]; a list of x gives a tuple of rows, scalars a matrix of scalars.
 */
export function hessian<const X extends Expr | readonly Expr[]>(y: Expr, x: X): JacobianOf<X, X> {
  const xs = listOf(x);
  checkWrt("hessian", xs);
  checkScalar("hessian", y);
  const rows = gradientOf(y, xs);
  return jacobian((Array.isArray(x) ? rows : rows[0]) as X, x);
}

/**
 * The sum of the second derivatives, `Δy = Σᵢ ∂²y/∂xᵢ²`, without the rest of the Hessian.
 *
 * Shapes: x of any shape without named sizes, or a list of such.
 */
export function laplacian(y: Expr, x: Expr | readonly Expr[]): Expr {
  const xs = listOf(x);
  checkWrt("laplacian", xs);
  checkScalar("laplacian", y);
  if (xs.length === 0) {
    throw new ArgumentError(`laplacian: there must be an x, got ${describe(x)}`);
  }
  const gradients = pullback([y], [constant(1, y.dtype)], xs);
  let total: Expr | undefined;
  for (const [i, node] of xs.entries()) {
    const gradient = gradients[i];
    if (gradient === undefined) continue;
    const term = diagonalSum(gradient, node);
    if (term === undefined) continue;
    total = total === undefined ? term : total.add(term);
  }
  return total ?? constant(0, y.dtype);
}

/** `Σₑ ⟨e, ∂g/∂x e⟩` over the unit vectors e. */
function diagonalSum(gradient: Expr, x: Expr): Expr | undefined {
  if (x.shape.length === 0) return pushforward([gradient], [x], [constant(1, x.dtype)])[0];
  const count = elementCount(sizesOf(x));
  const basis = reshape(eye(count, x.dtype), [count, ...x.shape]);
  let connected = true;
  const entries = map((unit) => {
    const moved = pushforward([gradient], [x], [unit])[0];
    connected = moved !== undefined;
    return withFolding(() => sum(mul(unit, moved ?? zerosLike(x))));
  }, basis);
  return connected ? sum(entries) : undefined;
}
