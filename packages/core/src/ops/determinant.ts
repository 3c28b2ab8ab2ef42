import { allocate } from "../dtype.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { call, named } from "../notation.ts";
import { defineOp, type Op, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";
import { type Dim, elementCount } from "../shape.ts";
import { asValue, Tensor, type Value } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { swapLast } from "./contraction.ts";
import { constant } from "./leaf.ts";
import { decompose, type Lu, matrixAt } from "./lu.ts";
import { checkSquare } from "./matrices.ts";
import { full, reshape } from "./movement.ts";
import { floating } from "./reduce.ts";
import { sum } from "./reduction.ts";
import { flip } from "./slicing.ts";
import { inverse } from "./solve.ts";
import { take } from "./taking.ts";

type OfMatrix = WithOp<(a: Operand) => Expr>;

/**
 * `ln |det A|` of any square matrix, by LU decomposition; the sign is `signDet`. −∞ where singular.
 *
 * Of a positive definite A it equals `2 Σ ln Lᵢᵢ` with L = `cholesky(A)`.
 * Derivative: `A⁻ᵀ`. Shapes: A [..., n, n] → [...]. Throws ShapeError unless square.
 */
export const logDet: OfMatrix = /* @__PURE__ */ ofMatrix({
  name: "logDet",
  measure: (lu, n) => {
    let total = 0;
    for (let i = 0; i < n; i++) total += Math.log(Math.abs(lu.factors[i * (n + 1)] as number));
    return total;
  },
  gradient: (node) => swapLast(inverse(node.args[0] as Expr)),
  notation: named("logDet"),
});

/** Sign of the determinant: 1, −1, or 0 where singular. Its derivative is 0. */
export const signDet: OfMatrix = /* @__PURE__ */ ofMatrix({
  name: "signDet",
  measure: (lu, n) => {
    let sign = lu.sign;
    for (let i = 0; i < n; i++) sign *= Math.sign(lu.factors[i * (n + 1)] as number);
    // A sum with 0 makes −0 a 0.
    return sign + 0;
  },
  gradient: (node) => full(0, (node.args[0] as Expr).shape, node.dtype),
  notation: named("signDet"),
});

/**
 * Determinant of a square matrix, by LU decomposition.
 *
 * Derivative: the matrix of cofactors, by its formula up to 3 × 3, so that a singular matrix is no
 * exception; beyond that `det(A) A⁻ᵀ`, which is NaN where A is singular.
 * Shapes: A [..., n, n] → [...]. Throws ShapeError unless square.
 */
export const determinant: OfMatrix = /* @__PURE__ */ ofMatrix({
  name: "determinant",
  measure: (lu, n) => {
    let product = lu.sign;
    for (let i = 0; i < n; i++) product *= lu.factors[i * (n + 1)] as number;
    return product + 0;
  },
  gradient: cofactors,
  notation: call("\\det", "det"),
});

interface MatrixSpec {
  readonly name: string;
  readonly measure: (lu: Lu, n: number) => number;
  /** The derivative by A, of A's shape. */
  readonly gradient: (node: Expr) => Expr;
  readonly notation: Op["notation"];
}

// @__NO_SIDE_EFFECTS__
function ofMatrix({ name, measure, gradient, notation }: MatrixSpec): OfMatrix {
  return defineOp(
    {
      name,
      arity: 1,
      infer: ([a]) => {
        checkSquare(name, a as Expr);
        return { shape: (a as Expr).shape.slice(0, -2), dtype: floating((a as Expr).dtype) };
      },
      evaluate: ([a], node): Value => {
        const { shape, data } = a as Tensor;
        const n = shape.at(-1) as number;
        const lead = shape.slice(0, -2);
        const out = allocate(node.dtype, elementCount(lead));
        for (let i = 0; i < out.length; i++) {
          out[i] = measure(decompose(matrixAt(data, i, n * n), n), n);
        }
        return asValue(new Tensor(lead, out, node.dtype));
      },
      vjp: (node, adjoint) => [mul(reshape(adjoint, [...adjoint.shape, 1, 1]), gradient(node))],
      jvp: (node, [a]) => a && sum(mul(gradient(node), a), [-2, -1]),
      notation,
    },
    (op) =>
      (a): Expr =>
        apply(op, [operand(name, a)]),
  );
}

/** The matrix of cofactors, `∂ det A / ∂A`. */
function cofactors(node: Expr): Expr {
  const a = node.args[0] as Expr;
  const n = a.shape.at(-1) as Dim;
  if (n === 1) return full(1, a.shape, node.dtype);
  if (n === 2) {
    // [d −c; −b a]
    const signs = constant(
      [
        [1, -1],
        [-1, 1],
      ],
      node.dtype,
    );
    return mul(signs, flip(a, [-2, -1]));
  }
  if (n === 3) {
    // Cᵢⱼ = Aᵢ₊₁ⱼ₊₁ Aᵢ₊₂ⱼ₊₂ − Aᵢ₊₁ⱼ₊₂ Aᵢ₊₂ⱼ₊₁, indices modulo 3; the signs come of themselves.
    const next = constant([1, 2, 0], "i32");
    const last = constant([2, 0, 1], "i32");
    const at = (rows: Expr, columns: Expr): Expr => take(take(a, rows, -2), columns, -1);
    return sub(mul(at(next, next), at(last, last)), mul(at(next, last), at(last, next)));
  }
  return mul(reshape(node, [...node.shape, 1, 1]), swapLast(inverse(a)));
}
