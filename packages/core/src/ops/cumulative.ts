import { allocate } from "../dtype.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type Elements, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";
import { aroundAxis } from "../positions.ts";
import { normalizeAxis } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { sumMask } from "./masks.ts";
import { counting } from "./reduce.ts";

/** Options of a cumulative sum. */
export interface CumulativeOptions {
  /** Whether sums run from the last element to the first. */
  readonly reverse?: boolean;
}

/**
 * Sums of all elements up to each along an axis, by default the last: `yᵢ = Σ_{j≤i} xⱼ`.
 *
 * Its reverse rule is the sum in the other direction. Shapes: as x. Truth values count.
 */
export const cumulativeSum: WithOp<
  (x: Operand, axis?: number, options?: CumulativeOptions) => Expr
> = defineOp(
  {
    name: "cumulativeSum",
    arity: 1,
    infer: ([x]) => ({ shape: (x as Expr).shape, dtype: counting((x as Expr).dtype) }),
    evaluate: ([x], node) => {
      const { data, shape } = x as Tensor;
      const out = allocate(node.dtype, data.length);
      forEachRun(shape, node, (run) => {
        let total = 0;
        for (const at of run) {
          total += data[at] as number;
          out[at] = total;
        }
      });
      return new Tensor(shape, out, node.dtype);
    },
    vjp: ({ op, attributes }, adjoint) => [
      apply(op, [adjoint], { ...attributes, reverse: attributes["reverse"] !== true }),
    ],
    jvp: ({ op, attributes }, [x]) => x && apply(op, [x], attributes),
    fold: ([x], attributes) =>
      sumMask(x as Expr, (part) => apply(cumulativeSum.op, [part], attributes)),
    elements: (node, [x]) => {
      const { shape, items } = x as Elements;
      const out: Expr[] = [...items];
      forEachRun(shape, node, (run) => {
        let total: Expr | undefined;
        for (const at of run) {
          const item = items[at] as Expr;
          total = total === undefined ? item : add(total, item);
          out[at] = total;
        }
      });
      return { shape, items: out };
    },
    notation: named("cumulativeSum"),
  },
  (op) =>
    (x, axis = -1, { reverse = false } = {}): Expr => {
      const source = operand("cumulativeSum", x);
      return apply(op, [source], {
        axis: normalizeAxis("cumulativeSum", axis, source.shape.length),
        reverse,
      });
    },
);

/** Visits the positions of each run along the axis, in the order of summation. */
function forEachRun(
  shape: readonly number[],
  { attributes }: Expr,
  visit: (run: readonly number[]) => void,
): void {
  const { outer, length, inner } = aroundAxis(shape, attributes["axis"] as number);
  for (let o = 0; o < outer; o++) {
    for (let r = 0; r < inner; r++) {
      const run = Array.from({ length }, (_, i) => (o * length + i) * inner + r);
      visit(attributes["reverse"] === true ? run.reverse() : run);
    }
  }
}
