import { ArgumentError, describe, EvaluationError, ShapeError } from "../../errors.ts";
import type { Attributes, Expr, Operand, Scalar } from "../../expr.ts";
import { apply } from "../../intern.ts";
import { defineOp, type WithOp } from "../../op.ts";
import { formatShape, SCALAR } from "../../shape.ts";
import { add, mul } from "../arithmetic.ts";
import { isDifferentiable } from "../leaf.ts";
import { partialName } from "./callRules.ts";
import { flatten } from "./structure.ts";

/** The attributes of a call of a function without a body. */
export interface AbstractAttributes {
  /** As it is written: `u`, `u''`, `∂₁u`. */
  readonly name: string;
  /** The function this is a derivative of. */
  readonly of: string;
  /** How often it was differentiated by each argument. */
  readonly orders: readonly number[];
}

/** What readers of the graph may know of a node of `abstract`. */
export function abstractAttributes(attributes: Attributes): AbstractAttributes {
  return attributes as unknown as AbstractAttributes;
}

type AbstractBuilder = (name: string) => (...args: readonly (Scalar | number)[]) => Scalar;

/**
 * A function without a body, of scalars: `const u = abstract("u")`, then `u(x)`.
 *
 * It differentiates to any order: u(v(x)) to u'(v(x)) v'(x). It has values once `withFunctions`
 * gives it a body.
 */
export const abstract: WithOp<AbstractBuilder> = defineOp(
  {
    name: "abstract",
    arity: undefined,
    infer: (args, attributes) => {
      const { of, orders } = abstractAttributes(attributes);
      for (const { shape, dtype } of args) {
        if (shape.length > 0) {
          throw new ShapeError(
            `${of}: a function without a body takes scalars, got ${dtype}${formatShape(shape)}`,
          );
        }
      }
      if (orders.length !== args.length) {
        throw new ArgumentError(
          `${of}: ${orders.length} arguments must be given, got ${args.length}`,
        );
      }
      const single = args.length > 0 && args.every(({ dtype }) => dtype === "f32");
      return { shape: SCALAR, dtype: single ? "f32" : "f64" };
    },
    evaluate: (_values, { attributes }) => {
      const { of } = abstractAttributes(attributes);
      throw new EvaluationError(
        `evaluate: every function must have a body, got none for ${of}; give it with withFunctions(…, { ${of}: (x) => … })`,
      );
    },
    vjp: (node, adjoint, wanted) =>
      node.args.map((_, i) => (wanted[i] === true ? mul(adjoint, partialOf(node, i)) : undefined)),
    jvp: (node, tangents) => {
      let total: Expr | undefined;
      for (const [i, tangent] of tangents.entries()) {
        if (tangent === undefined) continue;
        const term = mul(tangent, partialOf(node, i));
        total = total === undefined ? term : add(total, term);
      }
      return total;
    },
    partial: (node, index) =>
      isDifferentiable(node.args[index] as Expr) ? partialOf(node, index) : undefined,
    elements: (node, args) => ({
      shape: [],
      items: [
        apply(
          node.op,
          args.map((arg) => (arg as { items: readonly Expr[] }).items[0] as Expr),
          node.attributes,
        ),
      ],
    }),
    notation: { form: "leaf" },
  },
  (op) => (name) => {
    if (typeof name !== "string" || name === "") {
      throw new ArgumentError(`abstract: a function must have a name, got ${describe(name)}`);
    }
    return (...given) => {
      const args = flatten(name, given as readonly Operand[]).items;
      const orders = args.map(() => 0);
      return apply(op, args, { name, of: name, orders }) as Scalar;
    };
  },
);

/** `∂u/∂xᵢ`, a function without a body like u. The order of differentiation does not matter. */
function partialOf({ op, args, attributes }: Expr, index: number): Expr {
  const { of, orders } = abstractAttributes(attributes);
  const next = orders.map((order, i) => (i === index ? order + 1 : order));
  let name = of;
  for (let i = next.length - 1; i >= 0; i--) {
    for (let k = 0; k < (next[i] as number); k++) name = partialName(name, args.length, i);
  }
  return apply(op, args, { name, of, orders: next });
}
