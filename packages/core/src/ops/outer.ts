import { allocate, promote } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { type Contributions, defineOp, type WithOp } from "../op.ts";
import { operands } from "../operands.ts";
import { formatShape } from "../shape.ts";
import { asTensor, asValue, Tensor, type Value } from "../tensor.ts";
import { add, mul } from "./arithmetic.ts";
import { matmul } from "./contraction.ts";
import { einsum } from "./einsum.ts";
import { reshape } from "./movement.ts";
import { sum } from "./reduction.ts";

/**
 * Outer product, `yᵢⱼ = aᵢ bⱼ`: every element of a by every element of b.
 *
 * Shapes: a [n, …], b [m, …] → [n, …, m, …].
 */
export const outer: WithOp<(a: Operand, b: Operand) => Expr> = defineOp(
  {
    name: "outer",
    arity: 2,
    infer: ([a, b]) => {
      const left = a as Expr;
      const right = b as Expr;
      const dtype = promote(left.dtype, right.dtype);
      return { shape: [...left.shape, ...right.shape], dtype: dtype === "bool" ? "i32" : dtype };
    },
    evaluate: ([a, b], node) => {
      const left = asTensor(a as Value, (node.args[0] as Expr).dtype);
      const right = asTensor(b as Value, (node.args[1] as Expr).dtype);
      const times = node.dtype === "i32" ? Math.imul : (x: number, y: number): number => x * y;
      const data = allocate(node.dtype, left.data.length * right.data.length);
      let at = 0;
      for (const x of left.data) for (const y of right.data) data[at++] = times(x, y);
      return asValue(new Tensor([...left.shape, ...right.shape], data, node.dtype));
    },
    vjp: (node, adjoint, wanted): Contributions => {
      const { a, b, left, right } = parts(node);
      const after = right.map((_, i) => left.length + i);
      const before = left.map((_, i) => i);
      return [
        wanted[0] === true ? sum(mul(adjoint, b), after) : undefined,
        wanted[1] === true ? sum(mul(adjoint, a), before) : undefined,
      ];
    },
    jvp: ({ args: [a, b] }, [da, db]) => {
      const left = da && outer(da, b as Expr);
      const right = db && outer(a as Expr, db);
      if (left === undefined) return right;
      return right === undefined ? left : add(left, right);
    },
    lower: (node) => {
      const { a, b } = parts(node);
      return mul(a, b);
    },
    notation: named("outer"),
  },
  (op) =>
    (a, b): Expr =>
      apply(op, operands("outer", [a, b])),
);

/** The operands in shapes that broadcast to the product's. */
function parts({ args }: Expr): {
  readonly a: Expr;
  readonly b: Expr;
  readonly left: Expr["shape"];
  readonly right: Expr["shape"];
} {
  const [a, b] = args as readonly [Expr, Expr];
  const ones = b.shape.map(() => 1);
  return { a: reshape(a, [...a.shape, ...ones]), b, left: a.shape, right: b.shape };
}

/**
 * Inner product over the last axis, `Σᵢ aᵢ bᵢ`; leading axes agree.
 *
 * Shapes: a [..., n], b [..., n] → [...].
 * Throws ShapeError unless both have an axis and its lengths agree.
 */
export function dot(a: Operand, b: Operand): Expr {
  const [left, right] = operands("dot", [a, b]) as readonly [Expr, Expr];
  if (left.shape.length === 0 || left.shape.at(-1) !== right.shape.at(-1)) {
    throw new ShapeError(
      `dot: last axes must have one length, got ${formatShape(left.shape)} and ${formatShape(right.shape)}`,
    );
  }
  if (left.shape.length === 1 && right.shape.length === 1) return matmul(left, right);
  return einsum("...i,...i->...", left, right);
}
