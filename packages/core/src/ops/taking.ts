import { allocate } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type Elements, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";
import { aroundAxis } from "../positions.ts";
import {
  checkShape,
  type Dim,
  elementCount,
  formatShape,
  normalizeAxis,
  resolveShape,
  type Shape,
} from "../shape.ts";
import { asTensor, asValue, Tensor, type Value } from "../tensor.ts";
import { addAt, checked, choose, indexOperand, rounded } from "./indices.ts";
import { constant } from "./leaf.ts";
import { moveMask, sumMask } from "./masks.ts";

/**
 * The parts of x at `indices` along an axis, by default the first: rows of a table (an embedding).
 *
 * Shapes: x [before, n, after], indices [...] → [before, ..., after].
 * Throws DTypeError unless indices are i32; EvaluationError for one outside 0 … n − 1.
 * Source: NumPy, `take`.
 */
export const take: WithOp<(x: Operand, indices: Operand, axis?: number) => Expr> = defineOp(
  {
    name: "take",
    arity: 2,
    infer: ([x, indices], { axis }) => ({
      shape: spliced((x as Expr).shape, axis as number, (indices as Expr).shape),
      dtype: (x as Expr).dtype,
    }),
    evaluate: ([x, indices], node) => {
      const source = x as Tensor;
      const chosen = asTensor(indices as Value, "i32");
      const axis = node.attributes["axis"] as number;
      const { outer, length, inner } = aroundAxis(source.shape, axis);
      const count = chosen.data.length;
      const out = allocate(node.dtype, outer * count * inner);
      for (let i = 0; i < count; i++) {
        const from = checked("take", chosen.data[i] as number, length);
        for (let o = 0; o < outer; o++) {
          const start = (o * length + from) * inner;
          out.set(source.data.subarray(start, start + inner), (o * count + i) * inner);
        }
      }
      const shape = spliced(source.shape, axis, chosen.shape) as readonly number[];
      return asValue(new Tensor(shape, out, node.dtype));
    },
    vjp: ({ args: [x, indices], attributes }, adjoint) => {
      const axis = attributes["axis"] as number;
      return [
        segmentSum(adjoint, indices as Expr, (x as Expr).shape[axis] as Dim, axis),
        undefined,
      ];
    },
    jvp: ({ args: [, indices], attributes }, [x]) =>
      x && take(x, indices as Expr, attributes["axis"] as number),
    fold: ([x, indices], attributes) =>
      moveMask(x as Expr, (part) => apply(take.op, [part, indices as Expr], attributes)),
    elements: (node, [x, indices]) => {
      const source = x as Elements;
      const chosen = indices as Elements;
      const axis = node.attributes["axis"] as number;
      const { outer, length, inner } = aroundAxis(source.shape, axis);
      const items: Expr[] = [];
      for (let o = 0; o < outer; o++) {
        for (const index of chosen.items) {
          for (let r = 0; r < inner; r++) {
            const among = Array.from(
              { length },
              (_, k) => source.items[(o * length + k) * inner + r],
            );
            items.push(choose("take", index, among as Expr[]));
          }
        }
      }
      return { shape: spliced(source.shape, axis, chosen.shape) as readonly number[], items };
    },
    notation: named("take"),
  },
  (op) =>
    (x, indices, axis = 0): Expr => {
      const source = operand("take", x);
      const at = normalizeAxis("take", axis, source.shape.length);
      return apply(op, [source, indexOperand("take", indices)], { axis: at });
    },
);

function spliced(shape: Shape, axis: number, by: Shape): Shape {
  return [...shape.slice(0, axis), ...by, ...shape.slice(axis + 1)];
}

/**
 * Sums of the parts of x with the same index, `yᵢ = Σ_{j: indicesⱼ = i} xⱼ`: the reverse of `take`.
 *
 * Shapes: x [before, ..., after], indices [...] → [before, count, after], after `axis` axes.
 * Throws ShapeError unless x has the axes of indices there; EvaluationError for an index out of range.
 */
export const segmentSum: WithOp<(x: Operand, indices: Operand, count: Dim, axis?: number) => Expr> =
  defineOp(
    {
      name: "segmentSum",
      arity: 2,
      infer: ([x, indices], { axis, count }) => {
        const { shape, dtype } = x as Expr;
        const from = axis as number;
        const by = (indices as Expr).shape;
        if (by.some((dim, i) => shape[from + i] !== dim)) {
          throw new ShapeError(
            `segmentSum: x must have the axes of indices from axis ${from}, got ${formatShape(shape)} and ${formatShape(by)}`,
          );
        }
        return {
          shape: [...shape.slice(0, from), count as Dim, ...shape.slice(from + by.length)],
          dtype: dtype === "bool" ? "i32" : dtype,
        };
      },
      evaluate: ([x, indices], node, { sizes }) => {
        const shape = resolveShape("segmentSum", node.shape, sizes);
        const { outer, length, inner } = aroundAxis(shape, node.attributes["axis"] as number);
        const { data } = asTensor(x as Value, (node.args[0] as Expr).dtype);
        const chosen = asTensor(indices as Value, "i32").data;
        const out = new Float64Array(elementCount(shape));
        for (let o = 0; o < outer; o++) {
          for (let i = 0; i < chosen.length; i++) {
            const to = (o * length + checked("segmentSum", chosen[i] as number, length)) * inner;
            const from = (o * chosen.length + i) * inner;
            for (let r = 0; r < inner; r++) {
              out[to + r] = (out[to + r] as number) + (data[from + r] as number);
            }
          }
        }
        return new Tensor(shape, rounded(out, node.dtype), node.dtype);
      },
      vjp: ({ args: [, indices], attributes }, adjoint) => [
        take(adjoint, indices as Expr, attributes["axis"] as number),
        undefined,
      ],
      jvp: ({ op, args: [, indices], attributes }, [x]) =>
        x && apply(op, [x, indices as Expr], attributes),
      fold: ([x, indices], attributes) =>
        sumMask(x as Expr, (part) => apply(segmentSum.op, [part, indices as Expr], attributes)),
      elements: (node, [x, indices], { sizes }) => {
        const shape = resolveShape("segmentSum", node.shape, sizes);
        const { outer, length, inner } = aroundAxis(shape, node.attributes["axis"] as number);
        const chosen = (indices as Elements).items;
        const items: Expr[] = new Array(outer * length * inner);
        for (let o = 0; o < outer; o++) {
          for (let r = 0; r < inner; r++) {
            const sums: (Expr | undefined)[] = new Array(length).fill(undefined);
            for (const [i, index] of chosen.entries()) {
              const from = (o * chosen.length + i) * inner + r;
              addAt("segmentSum", index, (x as Elements).items[from] as Expr, sums);
            }
            for (const [i, sum] of sums.entries()) {
              items[(o * length + i) * inner + r] = sum ?? constant(0, node.dtype);
            }
          }
        }
        return { shape, items };
      },
      notation: named("segmentSum"),
    },
    (op) =>
      (x, indices, count, axis = 0): Expr => {
        const source = operand("segmentSum", x);
        const chosen = indexOperand("segmentSum", indices);
        checkShape("segmentSum", [count]);
        const rank = source.shape.length - chosen.shape.length + 1;
        return apply(op, [source, chosen], {
          axis: normalizeAxis("segmentSum", axis, rank),
          count,
        });
      },
  );
