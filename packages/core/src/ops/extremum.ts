import type { DType } from "../dtype.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { call, named } from "../notation.ts";
import { type Binary, type Contributions, defineOp, type Elements, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";
import { normalizeAxis } from "../shape.ts";
import type { Value } from "../tensor.ts";
import { div } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { max, min } from "./clip.ts";
import { equal, greater, less } from "./comparison.ts";
import { constant } from "./leaf.ts";
import {
  counting,
  likewise,
  type ReduceOptions,
  type Reduction,
  reduceElements,
  reduceValue,
  reduction,
  refuseEmpty,
  withReducedAxes,
} from "./reduce.ts";
import { sum } from "./reduction.ts";
import { mask, where } from "./select.ts";

/**
 * Largest element over some axes, or all. NaN if any element is NaN.
 *
 * The derivative is shared evenly by the elements that reach the maximum (JAX's choice); as scalars
 * it is shared two by two.
 * Throws ShapeError for an axis without elements.
 */
export const reduceMax: Reduction = /* @__PURE__ */ reduction({
  name: "reduceMax",
  result: counting,
  empty: "refuse",
  evaluate: ([x], node) => reduceValue(x as Value, node, extreme("reduceMax", Math.max)),
  vjp: (node, adjoint) => sharedByTies(node, adjoint),
  jvp: (node, [x]) => x && meanOfTies(node, x),
  elements: (node, [x]) =>
    reduceElements(node, x as Elements, (members) => members.reduce((a, b) => max(a, b))),
  notation: call("\\max"),
});

/** Smallest element over some axes, or all; see `reduceMax`. */
export const reduceMin: Reduction = /* @__PURE__ */ reduction({
  name: "reduceMin",
  result: counting,
  empty: "refuse",
  evaluate: ([x], node) => reduceValue(x as Value, node, extreme("reduceMin", Math.min)),
  vjp: (node, adjoint) => sharedByTies(node, adjoint),
  jvp: (node, [x]) => x && meanOfTies(node, x),
  elements: (node, [x]) =>
    reduceElements(node, x as Elements, (members) => members.reduce((a, b) => min(a, b))),
  notation: call("\\min"),
});

function extreme(where: string, choose: (a: number, b: number) => number) {
  return (read: (k: number) => number, length: number): number => {
    refuseEmpty(where, length);
    let out = read(0);
    for (let k = 1; k < length; k++) out = choose(out, read(k));
    return out;
  };
}

/** Where the elements reach the extremum. */
function ties(node: Expr): Expr {
  return equal(node.args[0] as Expr, withReducedAxes(node, node));
}

/** `ȳ / (number of ties)` to each of them. */
function sharedByTies(node: Expr, adjoint: Expr): Contributions {
  const reached = ties(node);
  const count = cast(sum(reached, ...likewise(node)), adjoint.dtype);
  return [mask(reached, withReducedAxes(div(adjoint, count), node))];
}

function meanOfTies(node: Expr, tangent: Expr): Expr {
  const reached = ties(node);
  const count = cast(sum(reached, ...likewise(node)), tangent.dtype);
  return div(sum(mask(reached, tangent), ...likewise(node)), count);
}

/** The index of the first member that no other is better than, as a graph. NaN is passed over. */
export function indexAmong(members: readonly Expr[], better: Binary): Expr {
  let best = members[0] as Expr;
  let index: Expr = constant(0, "i32");
  for (const [k, member] of members.entries()) {
    if (k === 0) continue;
    const wins = better(member, best);
    index = where(wins, constant(k, "i32"), index);
    best = where(wins, member, best);
  }
  return index;
}

/** An index along an axis. */
export type ArgReduction = WithOp<(x: Operand, axis?: number, options?: ReduceOptions) => Expr>;

/**
 * Index of the largest element along an axis, by default the last; the first of equal ones.
 *
 * NaN counts as largest, as in NumPy. The result is of type i32 and has no derivative.
 * Throws ShapeError for an axis without elements.
 */
export const argmax: ArgReduction = /* @__PURE__ */ indexOfExtreme(
  "argmax",
  (item, best) => item > best,
  greater,
);

/** Index of the smallest element along an axis, by default the last; see `argmax`. */
export const argmin: ArgReduction = /* @__PURE__ */ indexOfExtreme(
  "argmin",
  (item, best) => item < best,
  less,
);

// @__NO_SIDE_EFFECTS__
function indexOfExtreme(
  name: string,
  better: (item: number, best: number) => boolean,
  compare: Binary,
): ArgReduction {
  const { op } = reduction({
    name,
    result: (): DType => "i32",
    empty: "refuse",
    evaluate: ([x], node) => {
      const first = (read: (k: number) => number, length: number): number => {
        refuseEmpty(name, length);
        let best = 0;
        for (let k = 0; k < length; k++) {
          const item = read(k);
          if (Number.isNaN(item)) return k;
          if (better(item, read(best))) best = k;
        }
        return best;
      };
      return reduceValue(x as Value, node, first);
    },
    elements: (node, [x]) =>
      reduceElements(node, x as Elements, (members) => indexAmong(members, compare)),
    notation: named(`arg\\,${name.slice(3)}`),
  });
  return defineOp(op, () => (x, axis = -1, { keepDims = false } = {}): Expr => {
    const source = operand(name, x);
    const axes = [normalizeAxis(name, axis, source.shape.length)];
    return apply(op, [source], { axes, keepDims });
  });
}
