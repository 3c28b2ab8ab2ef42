import {
  type Expr,
  equal,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  parameter,
  sqrt,
  substitute,
  where,
} from "@chainrule/core";
import { whileLoop } from "@chainrule/core/control";

/** A value, and its derivative by each coordinate. */
export interface Slope {
  readonly value: Expr;
  readonly gradient: readonly Expr[];
}

/** Options of `descend`. */
export interface DescentOptions {
  /** The most steps, which reverse mode through the descent must know. */
  readonly maxTrips?: number;
}

/**
 * The minimum found by gradient descent from a start, as a loop in the graph.
 *
 * A step is halved where the value does not fall, and doubled after ten that were taken. It ends where the gradient or
 * the step is no longer than 1e-5.
 * Source: GradBench, evals/saddle and evals/particle, whose results depend on this very procedure.
 */
export function descend(
  slope: (x: readonly Expr[]) => Slope,
  start: readonly Expr[],
  options: DescentOptions = {},
): readonly Expr[] {
  const n = start.length;
  const zero = (start[0] as Expr).mul(0);
  // By places of its own: a start may be what else the value depends on.
  const places = start.map(({ dtype }, i) => parameter(`x${i}`, [], dtype));
  const { value: valueThere, gradient: gradientThere } = slope(places);
  const slopeAt = (x: readonly Expr[]): Slope => {
    const by = new Map<Expr, Expr>(places.map((place, i) => [place, x[i] as Expr]));
    const [value, ...gradient] = substitute([valueThere, ...gradientThere], by);
    return { value: value as Expr, gradient };
  };
  const first = slopeAt(start);
  const one = zero.add(1);
  const isSteep = where(lessEqual(length(first.gradient), 1e-5), zero, one);
  const init = [...start, first.value, ...first.gradient, zero, zero.add(1e-5), isSteep];
  const last = whileLoop(
    (carry: readonly Expr[]) => less(0.5, carry[2 * n + 3] as Expr),
    (carry: readonly Expr[]) => {
      const x = carry.slice(0, n);
      const value = carry[n] as Expr;
      const gradient = carry.slice(n + 1, 2 * n + 1);
      const [taken, size] = [carry[2 * n + 1] as Expr, carry[2 * n + 2] as Expr];
      const isLong = equal(taken, 10);
      const eta = where(isLong, size.mul(2), size);
      const next = x.map((one, i) => one.sub(eta.mul(gradient[i] as Expr)));
      const isNear = lessEqual(length(x.map((one, i) => one.sub(next[i] as Expr))), 1e-5);
      const there = slopeAt(next);
      const isLess = less(there.value, value);
      const moves = logicalAnd(isLess, logicalNot(isNear));
      const choose = (yes: Expr, no: Expr): Expr => where(moves, yes, no);
      const gradientNext = gradient.map((one, i) => choose(there.gradient[i] as Expr, one));
      const isFlat = lessEqual(length(gradientNext), 1e-5);
      return [
        ...x.map((one, i) => choose(next[i] as Expr, one)),
        choose(there.value, value),
        ...gradientNext,
        choose(where(isLong, zero, taken).add(1), zero),
        choose(eta, eta.mul(0.5)),
        where(logicalOr(isNear, isFlat), zero, one),
      ] as Expr[];
    },
    init as never,
    options,
  ) as unknown as Expr[];
  return last.slice(0, n);
}

function length(x: readonly Expr[]): Expr {
  return sqrt(x.map((each) => each.mul(each)).reduce((a, b) => a.add(b)));
}
