import { allocate, promote } from "../dtype.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type WithOp } from "../op.ts";
import { operand, operands } from "../operands.ts";
import type { Dim } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { neg, sub } from "./arithmetic.ts";
import { matmul, swapLast } from "./contraction.ts";
import { decompose, matrixAt, solveLu } from "./lu.ts";
import { checkSquare, eye, systemOperands } from "./matrices.ts";
import { reshape } from "./movement.ts";
import { floating } from "./reduce.ts";

/**
 * The x with `A x = b`, by LU decomposition with partial pivoting.
 *
 * Shapes: A [..., n, n], b [..., n, m] → [..., n, m]; leading axes broadcast. A b [n] is one column.
 * ∞ or NaN where A is singular. Throws ShapeError where the shapes do not fit.
 */
export const solve: WithOp<(a: Operand, b: Operand) => Expr> = defineOp(
  {
    name: "solve",
    arity: 2,
    infer: ([a, b]) => ({
      shape: (b as Expr).shape,
      dtype: floating(promote((a as Expr).dtype, (b as Expr).dtype)),
    }),
    evaluate: ([a, b], node) => {
      const left = a as Tensor;
      const right = b as Tensor;
      const n = left.shape.at(-1) as number;
      const size = n * (right.shape.at(-1) as number);
      const out = allocate(node.dtype, right.data.length);
      for (let index = 0; index * size < out.length; index++) {
        const lu = decompose(matrixAt(left.data, index, n * n), n);
        out.set(solveLu(lu, matrixAt(right.data, index, size), n), index * size);
      }
      return new Tensor(right.shape, out, node.dtype);
    },
    vjp: (node, adjoint, wanted) => {
      const right = solve(swapLast(node.args[0] as Expr), adjoint);
      return [wanted[0] === true ? neg(matmul(right, swapLast(node))) : undefined, right];
    },
    jvp: (node, [da, db]) => {
      const a = node.args[0] as Expr;
      if (da === undefined) return db && solve(a, db);
      const moved = matmul(da, node);
      return solve(a, db === undefined ? neg(moved) : sub(db, moved));
    },
    notation: named("solve"),
  },
  (op) =>
    (a, b): Expr => {
      const [matrix, side] = operands("solve", [a, b]) as readonly [Expr, Expr];
      const { left, right, shape } = systemOperands("solve", matrix, side);
      return reshape(apply(op, [left, right]), shape);
    },
);

/**
 * Inverse matrix, `A⁻¹`. For `A⁻¹ b` prefer `solve`, which is faster and more exact.
 *
 * Shapes: A [..., n, n] → the same. ∞ or NaN where A is singular. Throws ShapeError unless square.
 */
export const inverse: WithOp<(a: Operand) => Expr> = defineOp(
  {
    name: "inverse",
    arity: 1,
    infer: ([a]) => {
      checkSquare("inverse", a as Expr);
      return { shape: (a as Expr).shape, dtype: floating((a as Expr).dtype) };
    },
    evaluate: ([a], node) => {
      const { shape, data } = a as Tensor;
      const n = shape.at(-1) as number;
      const identity = Float64Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0));
      const out = allocate(node.dtype, data.length);
      for (let index = 0; index * n * n < data.length; index++) {
        const lu = decompose(matrixAt(data, index, n * n), n);
        out.set(solveLu(lu, identity, n), index * n * n);
      }
      return new Tensor(shape, out, node.dtype);
    },
    vjp: (node, adjoint) => {
      const transposed = swapLast(node);
      return [neg(matmul(matmul(transposed, adjoint), transposed))];
    },
    jvp: (node, [a]) => a && neg(matmul(matmul(node, a), node)),
    lower: ({ args: [a], dtype }) => solve(a as Expr, eye((a as Expr).shape.at(-1) as Dim, dtype)),
    notation: { form: "call", latex: "\\operatorname{inv}", text: "inv" },
  },
  (op) =>
    (a): Expr =>
      apply(op, [operand("inverse", a)]),
);
