import { allocate, type DType, roundTo } from "../dtype.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { defineOp, type Elements, type WithOp } from "../op.ts";
import { checkDType, operand } from "../operands.ts";
import { Tensor, type Value } from "../tensor.ts";

/** The same numbers in another element type: rounded to single, cut to an integer, or ≠ 0. */
export const cast: WithOp<(x: Operand, dtype: DType) => Expr> = defineOp(
  {
    name: "cast",
    arity: 1,
    infer: ([x], { dtype }) => ({ shape: (x as Expr).shape, dtype: dtype as DType }),
    evaluate: ([x], { attributes }) => castValue(x as Value, attributes["dtype"] as DType),
    vjp: ({ args: [x] }, adjoint) => [cast(adjoint, (x as Expr).dtype)],
    jvp: ({ dtype }, [x]) =>
      x === undefined || !(dtype === "f64" || dtype === "f32") ? undefined : cast(x, dtype),
    fold: ([x], { dtype }) => ((x as Expr).dtype === dtype ? x : undefined),
    elements: ({ dtype }, [x]) => {
      const { shape, items } = x as Elements;
      return { shape, items: items.map((item) => cast(item, dtype)) };
    },
    notation: { form: "silent" },
  },
  (op) =>
    (x, dtype): Expr => {
      checkDType("cast", dtype);
      return apply(op, [operand("cast", x)], { dtype });
    },
);

/** A value in another element type. */
export function castValue(value: Value, dtype: DType): Value {
  if (typeof value === "number") return roundTo(dtype, value);
  if (value.dtype === dtype) return value;
  const data = allocate(dtype, value.data.length);
  for (let i = 0; i < data.length; i++) data[i] = roundTo(dtype, value.data[i] as number);
  return new Tensor(value.shape, data, dtype);
}
