import { allocate, type DType } from "../dtype.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type WithOp } from "../op.ts";
import { checkType } from "../operands.ts";
import { type Dim, resolveShape } from "../shape.ts";
import { asTensor, Tensor, type Value } from "../tensor.ts";
import { expandDims } from "./axes.ts";
import { cast } from "./cast.ts";
import { equal } from "./comparison.ts";
import { checked, indexOperand } from "./indices.ts";
import { iota } from "./iota.ts";

/**
 * 1 at each index and 0 elsewhere, along a new last axis.
 *
 * Shapes: indices [...] → [..., depth]. The lowered form gives zeros for an index out of range.
 * Throws DTypeError unless indices are i32; EvaluationError for one outside 0 … depth − 1.
 */
export const oneHot: WithOp<(indices: Operand, depth: Dim, dtype?: DType) => Expr> = defineOp(
  {
    name: "oneHot",
    arity: 1,
    infer: ([indices], { depth, dtype }) => ({
      shape: [...(indices as Expr).shape, depth as Dim],
      dtype: dtype as DType,
    }),
    evaluate: ([indices], node, { sizes }) => {
      const shape = resolveShape("oneHot", node.shape, sizes);
      const depth = shape.at(-1) as number;
      const { data } = asTensor(indices as Value, "i32");
      const out = allocate(node.dtype, data.length * depth);
      for (let i = 0; i < data.length; i++) {
        out[i * depth + checked("oneHot", data[i] as number, depth)] = 1;
      }
      return new Tensor(shape, out, node.dtype);
    },
    lower: ({ args: [indices], attributes, dtype }) =>
      cast(equal(expandDims(indices as Expr, -1), iota(attributes["depth"] as Dim)), dtype),
    notation: named("oneHot"),
  },
  (op) =>
    (indices, depth, dtype = "f64"): Expr => {
      checkType("oneHot", [depth], dtype);
      return apply(op, [indexOperand("oneHot", indices)], { depth, dtype });
    },
);
