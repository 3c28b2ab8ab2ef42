import { allocate, type DType } from "../dtype.ts";
import type { Expr } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type WithOp } from "../op.ts";
import { checkType } from "../operands.ts";
import { type Dim, resolveShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { constant } from "./leaf.ts";

/**
 * The numbers 0, 1, …, size − 1, of type i32 unless told otherwise.
 *
 * Shapes: → [size]; a named size is as long as the inputs make it.
 */
export const iota: WithOp<(size: Dim, dtype?: DType) => Expr> = defineOp(
  {
    name: "iota",
    arity: 0,
    infer: (_args, { size, dtype }) => ({ shape: [size as Dim], dtype: dtype as DType }),
    evaluate: (_values, node, { sizes }) => {
      const shape = resolveShape("iota", node.shape, sizes);
      const data = allocate(node.dtype, shape[0] as number);
      for (let i = 0; i < data.length; i++) data[i] = i;
      return new Tensor(shape, data, node.dtype);
    },
    elements: (node, _args, { sizes }) => {
      const [length] = resolveShape("iota", node.shape, sizes) as readonly [number];
      const items = Array.from({ length }, (_, i) => constant(i, node.dtype));
      return { shape: [length], items };
    },
    notation: named("iota"),
  },
  (op) =>
    (size, dtype = "i32"): Expr => {
      checkType("iota", [size], dtype);
      return apply(op, [], { size, dtype });
    },
);
