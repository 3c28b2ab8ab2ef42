import type { Expr } from "../expr.ts";
import { mul, neg } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { equal } from "../ops/comparison.ts";
import { matmul } from "../ops/contraction.ts";
import { iota } from "../ops/iota.ts";
import { constant, literalValue } from "../ops/leaf.ts";
import { broadcastTo, reshape, transpose } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { mask } from "../ops/select.ts";
import { type Dim, type Shape, sameShape } from "../shape.ts";
import { withArgs } from "../traverse.ts";
import { any, form, type Rule, rule } from "./pattern.ts";

/** Rewrites of products of vectors and matrices for reading. */
export const matrixRules: readonly Rule[] = [
  // xᵀ = x of a vector, and the transpose of a row is the column
  rule("transposed vector", transpose.op, form(transpose.op, any("x")), (part, node) => {
    const x = part("x");
    const source = x.op === reshape.op ? (x.args[0] as Expr) : x;
    return source.shape.length === 1 && keepsOrder(node) ? fitted(source, node.shape) : undefined;
  }),
  // A reshape forgets how a row or a column came about.
  rule("reshaped column", reshape.op, form(reshape.op, any("x")), (part, { shape }) => {
    const x = part("x");
    const forgotten = x.op === reshape.op || (x.op === transpose.op && keepsOrder(x));
    return forgotten ? fitted(x.args[0] as Expr, shape) : undefined;
  }),
  // (xᵀ Aᵀ)ᵀ = A x
  rule(
    "product with a transpose",
    reshape.op,
    form(reshape.op, form(matmul.op, form(reshape.op, any("x")), form(transpose.op, any("A")))),
    (part, { shape }) => {
      const [x, A] = [part("x"), part("A")];
      if (x.shape.length !== 1 || shape.length !== 1 || A.shape.length !== 2) return undefined;
      return reshape(matmul(A, reshape(x, [x.shape[0] as Dim, 1])), shape);
    },
  ),
  // I B = B, and a matrix of the one element c scales: c B
  rule("plain factor", matmul.op, form(matmul.op, any("A"), any("B")), (part) => {
    const [A, B] = [part("A"), part("B")];
    if (A.shape.length !== 2 || B.shape.length !== 2) return undefined;
    return scaled(onlyElement(A), B) ?? scaled(onlyElement(B), A);
  }),
  // Σ −x = −Σ x
  rule("sum of opposites", sum.op, form(sum.op, form(neg.op, any("x"))), (part, node) =>
    neg(withArgs(node, [part("x")])),
  ),
];

function fitted(x: Expr, shape: Shape): Expr {
  return sameShape(x.shape, shape) ? x : reshape(x, shape);
}

/** Whether a transposition moves axes of length 1 alone. */
function keepsOrder({ args, attributes }: Expr): boolean {
  const { shape } = args[0] as Expr;
  const axes = (attributes["permutation"] as readonly number[]).filter((axis) => shape[axis] !== 1);
  return axes.every((axis, i) => i === 0 || axis > (axes[i - 1] as number));
}

function scaled(by: Expr | undefined, matrix: Expr): Expr | undefined {
  if (by === undefined) return undefined;
  return literalValue(by) === 1 ? matrix : mul(by, matrix);
}

/** The number that a factor multiplies by: the element of a matrix of one, or 1 for the identity. */
function onlyElement(matrix: Expr): Expr | undefined {
  if (isIdentity(matrix)) return constant(1, matrix.dtype);
  const element = unshaped(matrix);
  const [rows, columns] = matrix.shape;
  return rows === 1 && columns === 1 && element.shape.length === 0 ? element : undefined;
}

/** Whether a square matrix is 1 where the numbers of row and column are equal, and 0 elsewhere. */
function isIdentity({ op, args: [condition, value], shape }: Expr): boolean {
  if (op !== cast.op && op !== mask.op) return false;
  if (condition?.op !== equal.op || shape[0] !== shape[1]) return false;
  const [row, column] = condition.args.map(unshaped) as [Expr, Expr];
  const one = value === undefined || literalValue(unshaped(value)) === 1;
  return one && row === column && row.op === iota.op;
}

function unshaped(x: Expr): Expr {
  let inner = x;
  while (inner.op === broadcastTo.op || inner.op === reshape.op) inner = inner.args[0] as Expr;
  return inner;
}
