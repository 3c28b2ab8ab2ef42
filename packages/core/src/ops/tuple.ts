import { ArgumentError } from "../errors.ts";
import type { Expr } from "../expr.ts";
import { apply } from "../intern.ts";
import { defineOp, type Elements, type TupleValue, type WithOp } from "../op.ts";
import type { Value } from "../tensor.ts";

/** One result of a node that has several. Derivatives pass through it in place. */
export const item: WithOp<(tuple: Expr, index: number) => Expr> = defineOp(
  {
    name: "item",
    arity: 1,
    infer: ([tuple], { index }) => {
      const { op, args, attributes } = tuple as Expr;
      const type = op.items?.(args, attributes)[index as number];
      if (type === undefined) {
        throw new ArgumentError(`item: ${op.name} must have a result ${index}, got none`);
      }
      return type;
    },
    evaluate: ([tuple], { attributes }): TupleValue =>
      (tuple as readonly Value[])[attributes["index"] as number] as Value,
    elements: ({ attributes }, [tuple]) =>
      (tuple as readonly Elements[])[attributes["index"] as number] as Elements,
    notation: { form: "silent" },
  },
  (op) =>
    (tuple, index): Expr =>
      apply(op, [tuple], { index }),
);
