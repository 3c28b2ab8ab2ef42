import type { Expr } from "../expr.ts";
import { withoutFolding } from "../intern.ts";
import { type Binary, elementwise, real, type Ternary } from "../op.ts";
import { logicalAnd, logicalNot, logicalOr } from "./comparison.ts";
import { constant } from "./leaf.ts";

/**
 * Selection, `x` where `condition`, else `y`. Shapes broadcast.
 *
 * The derivative never meets the side that is not taken: see `mask`.
 */
export const where: Ternary = elementwise({
  name: "where",
  domain: [{ low: 0, high: 1, integer: true }, real, real],
  conditions: 1,
  evaluate: (condition, x, y) => (condition !== 0 ? x : y),
  partials: [
    null,
    (condition, x) => mask(condition, constant(1, x.dtype)),
    (condition, _x, y) => mask(logicalNot(condition), constant(1, y.dtype)),
  ],
  vjp: ({ args: [condition] }, adjoint, wanted) => [
    undefined,
    wanted[1] === true ? mask(condition as Expr, adjoint) : undefined,
    wanted[2] === true ? mask(logicalNot(condition as Expr), adjoint) : undefined,
  ],
  jvp: ({ args: [condition] }, [, x, y]) => {
    if (x === undefined) return y && mask(logicalNot(condition as Expr), y);
    return y === undefined ? mask(condition as Expr, x) : where(condition as Expr, x, y);
  },
  notation: { form: "cases" },
});

/**
 * An adjoint that flows only where `condition` holds, and is exactly 0 elsewhere.
 *
 * While derivatives are built, a linear op on a mask becomes a mask on the op: the selection moves
 * outward, `mask(c, a) · p → mask(c, a · p)`, so that an infinite partial of the side not taken is
 * never multiplied by 0 (which would be NaN), at any order of differentiation.
 */
export const mask: Binary = elementwise({
  name: "mask",
  domain: [{ low: 0, high: 1, integer: true }, real],
  conditions: 1,
  evaluate: (condition, x) => (condition !== 0 ? x : 0),
  partials: [null, (condition, x) => mask(condition, constant(1, x.dtype))],
  vjp: ({ args: [condition] }, adjoint, wanted) => [
    undefined,
    wanted[1] === true ? mask(condition as Expr, adjoint) : undefined,
  ],
  jvp: ({ args: [condition] }, [, x]) => x && mask(condition as Expr, x),
  fold: ([condition, x]) => {
    const value = x as Expr;
    if (!isMask(value)) return undefined;
    // One condition that knows of both: a sum of nested masks must be closed where either is.
    const [inner, masked] = value.args as readonly [Expr, Expr];
    return mask(logicalAnd(condition as Expr, inner), masked);
  },
  notation: { form: "cases" },
});

/** Whether a node is a mask. */
export function isMask(node: Expr): boolean {
  return node.op === mask.op;
}

/** A linear op on the inside of a mask, the mask outside again. */
export function outward(node: Expr, inside: (value: Expr) => Expr): Expr {
  const [condition, value] = node.args as readonly [Expr, Expr];
  return mask(condition, inside(value));
}

/**
 * A sum or difference of masks flows where one of them does: still a mask.
 *
 * `undefined` unless both are masks.
 */
export function joint(a: Expr, b: Expr, combine: (a: Expr, b: Expr) => Expr): Expr | undefined {
  if (!isMask(a) || !isMask(b)) return undefined;
  const [first, x] = a.args as readonly [Expr, Expr];
  const [second, y] = b.args as readonly [Expr, Expr];
  if (first === second) return mask(first, combine(x, y));
  return mask(
    logicalOr(first, second),
    withoutFolding(() => combine(a, b)),
  );
}
