import { ArgumentError, DifferentiationError, describe, ShapeError } from "../errors.ts";
import { Expr, type Operand, type Scalar } from "../expr.ts";
import { constant, isDifferentiable } from "../ops/leaf.ts";
import { broadcastTo } from "../ops/movement.ts";
import { formatShape, sameShape } from "../shape.ts";
import { pushforward } from "./forward.ts";
import { checkScalar, checkWrt, pullback, zerosLike } from "./reverse.ts";

/** One result an x, in the same structure. */
export type LikeEach<X> = X extends readonly Expr[] ? { -readonly [K in keyof X]: X[K] } : X;

/** One direction an x: a number stands for that number everywhere. */
export type DirectionsOf<X> = X extends readonly Expr[]
  ? { readonly [K in keyof X]: Operand }
  : Operand;

/**
 * Vector–Jacobian product `x̄ = ȳ ∂y/∂x`, in one sweep from y down to all x.
 *
 * Shapes: the seed as y, or one number for all of it; each result as its x.
 */
export function vjp<const X extends Expr | readonly Expr[]>(
  y: Expr,
  x: X,
  seed: Operand,
): LikeEach<X> {
  const wrt = listOf(x);
  checkWrt("vjp", [y, ...wrt]);
  const adjoints = pullback([y], [weight("vjp", "the seed", seed, y)], wrt);
  const results = wrt.map((node, i) => adjoints[i] ?? zerosLike(node));
  return (Array.isArray(x) ? results : results[0]) as LikeEach<X>;
}

/**
 * Jacobian–vector product `ẏ = ∂y/∂x ẋ`, in one sweep from all x up to y.
 *
 * Shapes: each direction as its x, or one number for all of it; the result as y.
 */
export function jvp<Y extends Expr, const X extends Expr | readonly Expr[]>(
  y: Y,
  x: X,
  directions: DirectionsOf<X>,
): Y {
  const wrt = listOf(x);
  checkWrt("jvp", [y, ...wrt]);
  const tangents = directionsOf("jvp", wrt, Array.isArray(x) ? directions : [directions]);
  return (pushforward([y], wrt, tangents)[0] ?? zerosLike(y)) as Y;
}

/**
 * Hessian–vector product `∂²y/∂x² ẋ` of a scalar, forward over reverse: about as much work as two
 * gradients, however many x there are.
 *
 * Shapes: each direction and each result as its x.
 * Source: Pearlmutter, "Fast exact multiplication by the Hessian", 1994.
 */
export function hvp<const X extends Expr | readonly Expr[]>(
  y: Expr,
  x: X,
  directions: DirectionsOf<X>,
): LikeEach<X> {
  const wrt = listOf(x);
  checkWrt("hvp", wrt);
  checkScalar("hvp", y);
  const tangents = directionsOf("hvp", wrt, Array.isArray(x) ? directions : [directions]);
  const gradients = pullback([y], [constant(1, y.dtype)], wrt);
  const reached = gradients.filter((one) => one !== undefined);
  const moved = pushforward(reached, wrt, tangents);
  let at = 0;
  const results = wrt.map((node, i) => {
    const own = gradients[i] === undefined ? undefined : moved[at++];
    return own ?? zerosLike(node);
  });
  return (Array.isArray(x) ? results : results[0]) as LikeEach<X>;
}

/**
 * Derivative `dⁿy/dxⁿ` of a scalar by a scalar; the first by default.
 *
 * Throws ArgumentError unless the order is a whole number ≥ 0.
 */
export function derivative(y: Expr, x: Scalar, order = 1): Scalar {
  checkWrt("derivative", [x]);
  checkScalar("derivative", y);
  if (x.shape.length > 0) {
    throw new DifferentiationError(
      `derivative: x must be a scalar, got ${x.dtype}${formatShape(x.shape)}; grad takes any shape`,
    );
  }
  if (!Number.isSafeInteger(order) || order < 0) {
    throw new ArgumentError(
      `derivative: the order must be a whole number ≥ 0, got ${describe(order)}`,
    );
  }
  let value: Expr = y;
  for (let k = 0; k < order; k++) {
    value = pullback([value], [constant(1, value.dtype)], [x])[0] ?? zerosLike(x);
  }
  return value as Scalar;
}

/** One expression or a list as a list. */
export function listOf(x: Expr | readonly Expr[]): readonly Expr[] {
  return Array.isArray(x) ? x : [x as Expr];
}

function directionsOf(where: string, wrt: readonly Expr[], given: unknown): readonly Expr[] {
  if (!Array.isArray(given) || given.length !== wrt.length) {
    throw new ArgumentError(
      `${where}: there must be one direction a variable (${wrt.length}), got ${describe(given)}`,
    );
  }
  return wrt.map((node, i) => weight(where, `direction ${i}`, given[i] as Operand, node));
}

/** A seed or direction as an expression of the type it belongs to. */
function weight(where: string, what: string, given: Operand, like: Expr): Expr {
  const expr = typeof given === "number" ? constant(given, like.dtype) : given;
  if (!(expr instanceof Expr)) {
    throw new ArgumentError(
      `${where}: ${what} must be an expression or a number, got ${describe(given)}`,
    );
  }
  if (!isDifferentiable(expr)) {
    throw new DifferentiationError(
      `${where}: ${what} must be f64 or f32, got ${expr.dtype}${formatShape(expr.shape)}`,
    );
  }
  if (sameShape(expr.shape, like.shape)) return expr;
  if (expr.shape.length > 0) {
    throw new ShapeError(
      `${where}: ${what} must have shape ${formatShape(like.shape)}, got ${formatShape(expr.shape)}`,
    );
  }
  return broadcastTo(expr, like.shape);
}
