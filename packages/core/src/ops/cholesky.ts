import { allocate } from "../dtype.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type Elements, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";
import type { Dim } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { add, div, mul, sqrt, sub } from "./arithmetic.ts";
import { matmul, swapLast } from "./contraction.ts";
import { constant } from "./leaf.ts";
import { matrixAt } from "./lu.ts";
import { checkSquare, eye, lowerTriangle } from "./matrices.ts";
import { floating } from "./reduce.ts";
import { triangularSolve } from "./triangularSolve.ts";

/**
 * Cholesky factor, the lower triangular L with `L Lᵀ = A` and a positive diagonal.
 *
 * Of A only its symmetric part `(A + Aᵀ) / 2` counts, so that the derivative is one by every element.
 * NaN throughout where that is not positive definite.
 *
 * Shapes: A [..., n, n] → the same. Throws ShapeError unless square.
 * Source: I. Murray, "Differentiation of the Cholesky decomposition" (2016), equations 8 and 10.
 */
export const cholesky: WithOp<(a: Operand) => Expr> = defineOp(
  {
    name: "cholesky",
    arity: 1,
    infer: ([a]) => {
      checkSquare("cholesky", a as Expr);
      return { shape: (a as Expr).shape, dtype: floating((a as Expr).dtype) };
    },
    evaluate: ([a], node) => {
      const { shape, data } = a as Tensor;
      const n = shape.at(-1) as number;
      const out = allocate(node.dtype, data.length);
      for (let index = 0; index * n * n < data.length; index++) {
        out.set(factor(matrixAt(data, index, n * n), n), index * n * n);
      }
      return new Tensor(shape, out, node.dtype);
    },
    vjp: (node, adjoint) => {
      const inner = halfLower(matmul(swapLast(node), adjoint));
      const left = triangularSolve(node, inner, { transposed: true });
      const both = swapLast(triangularSolve(node, swapLast(left), { transposed: true }));
      return [symmetric(both)];
    },
    jvp: (node, [a]) => {
      if (a === undefined) return undefined;
      const left = triangularSolve(node, symmetric(a));
      const both = swapLast(triangularSolve(node, swapLast(left)));
      return matmul(node, halfLower(both));
    },
    elements: (node, [a]) => {
      const { shape, items } = a as Elements;
      const n = shape.at(-1) as number;
      const out: Expr[] = new Array(items.length).fill(constant(0, node.dtype));
      for (let start = 0; start < items.length; start += n * n) {
        const place = (i: number, j: number): number => start + i * n + j;
        const half = (i: number, j: number): Expr => mul(0.5, items[place(i, j)] as Expr);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j <= i; j++) {
            const l = (row: number, k: number): Expr => out[place(row, k)] as Expr;
            let rest = i === j ? (items[place(i, i)] as Expr) : add(half(i, j), half(j, i));
            for (let k = 0; k < j; k++) rest = sub(rest, mul(l(i, k), l(j, k)));
            out[place(i, j)] = i === j ? sqrt(rest) : div(rest, l(j, j));
          }
        }
      }
      return { shape, items: out };
    },
    notation: named("cholesky"),
  },
  (op) =>
    (a): Expr =>
      apply(op, [operand("cholesky", a)]),
);

/** Φ: the lower triangle, its diagonal halved. */
function halfLower(x: Expr): Expr {
  const half = mul(constant(0.5, x.dtype), eye(x.shape.at(-1) as Dim, x.dtype));
  return lowerTriangle(mul(x, sub(constant(1, x.dtype), half)));
}

function symmetric(x: Expr): Expr {
  return mul(constant(0.5, x.dtype), add(x, swapLast(x)));
}

/** Row by row, from the elements before. */
function factor(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  const at = (i: number, j: number): number => l[i * n + j] as number;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = ((a[i * n + j] as number) + (a[j * n + i] as number)) / 2;
      for (let k = 0; k < j; k++) rest -= at(i, k) * at(j, k);
      if (i === j && !(rest > 0)) return l.fill(Number.NaN);
      l[i * n + j] = i === j ? Math.sqrt(rest) : rest / at(j, j);
    }
  }
  return l;
}
