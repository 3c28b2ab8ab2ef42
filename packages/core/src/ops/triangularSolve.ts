import { allocate, promote } from "../dtype.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type Elements, type WithOp } from "../op.ts";
import { operands } from "../operands.ts";
import { Tensor } from "../tensor.ts";
import { div, mul, neg, sub } from "./arithmetic.ts";
import { matmul, swapLast } from "./contraction.ts";
import { matrixAt } from "./lu.ts";
import { lowerTriangle, systemOperands, upperTriangle } from "./matrices.ts";
import { reshape } from "./movement.ts";
import { floating } from "./reduce.ts";

/** Options of `triangularSolve`. */
export interface TriangularOptions {
  /** Whether the upper triangle counts, instead of the lower one. */
  readonly upper?: boolean;
  /** Whether `Aᵀ x = b` is solved. */
  readonly transposed?: boolean;
}

/**
 * The x with `A x = b` for a triangular A; the other triangle is not read.
 *
 * Shapes: A [..., n, n], b [..., n, m] → [..., n, m]; leading axes broadcast. A b [n] is one column.
 * ∞ or NaN where the diagonal has a 0. Throws ShapeError where the shapes do not fit.
 */
export const triangularSolve: WithOp<
  (a: Operand, b: Operand, options?: TriangularOptions) => Expr
> = defineOp(
  {
    name: "triangularSolve",
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
        const matrix = matrixAt(left.data, index, n * n);
        out.set(substituteInto(matrix, matrixAt(right.data, index, size), n, node), index * size);
      }
      return new Tensor(right.shape, out, node.dtype);
    },
    vjp: (node, adjoint, wanted) => {
      const { upper, transposed } = optionsOf(node);
      const a = node.args[0] as Expr;
      const right = triangularSolve(a, adjoint, { upper, transposed: !transposed });
      const product = transposed ? matmul(node, swapLast(right)) : matmul(right, swapLast(node));
      return [wanted[0] === true ? neg(triangle(product, upper)) : undefined, right];
    },
    jvp: (node, [da, db]) => {
      const options = optionsOf(node);
      const a = node.args[0] as Expr;
      if (da === undefined) return db && triangularSolve(a, db, options);
      const part = triangle(da, options.upper);
      const moved = matmul(options.transposed ? swapLast(part) : part, node);
      return triangularSolve(a, db === undefined ? neg(moved) : sub(db, moved), options);
    },
    elements: (node, [a, b]) => {
      const { shape, items } = b as Elements;
      const matrices = a as Elements;
      const n = matrices.shape.at(-1) as number;
      const columns = shape.at(-1) as number;
      const x = [...items];
      const { upper, transposed } = optionsOf(node);
      for (let start = 0; start < x.length; start += n * columns) {
        const from = (start / columns) * n;
        walk(n, upper === transposed, (i, before) => {
          const at = (j: number): Expr =>
            matrices.items[from + (transposed ? j * n + i : i * n + j)] as Expr;
          for (let c = 0; c < columns; c++) {
            const place = (j: number): number => start + j * columns + c;
            let rest = x[place(i)] as Expr;
            for (const j of before) rest = sub(rest, mul(at(j), x[place(j)] as Expr));
            x[place(i)] = div(rest, at(i));
          }
        });
      }
      return { shape, items: x };
    },
    notation: named("triangularSolve"),
  },
  (op) =>
    (a, b, { upper = false, transposed = false } = {}): Expr => {
      const [matrix, side] = operands("triangularSolve", [a, b]) as readonly [Expr, Expr];
      const { left, right, shape } = systemOperands("triangularSolve", matrix, side);
      return reshape(apply(op, [left, right], { upper, transposed }), shape);
    },
);

function optionsOf({ attributes }: Expr): { upper: boolean; transposed: boolean } {
  return { upper: attributes["upper"] === true, transposed: attributes["transposed"] === true };
}

function triangle(x: Expr, upper: boolean): Expr {
  return upper ? upperTriangle(x) : lowerTriangle(x);
}

/** Visits rows in the order of substitution, each with those before it: down, or from below up. */
function walk(
  n: number,
  down: boolean,
  visit: (i: number, before: readonly number[]) => void,
): void {
  const order = Array.from({ length: n }, (_, step) => (down ? step : n - 1 - step));
  for (const [step, i] of order.entries()) visit(i, order.slice(0, step));
}

/** Forward substitution through a lower triangle (or a transposed upper one), else backward. */
function substituteInto(a: Float64Array, b: Float64Array, n: number, node: Expr): Float64Array {
  const { upper, transposed } = optionsOf(node);
  const columns = n === 0 ? 0 : b.length / n;
  const x = b;
  walk(n, upper === transposed, (i, before) => {
    const at = (j: number): number => (transposed ? a[j * n + i] : a[i * n + j]) as number;
    for (let c = 0; c < columns; c++) {
      let rest = x[i * columns + c] as number;
      for (const j of before) rest -= at(j) * (x[j * columns + c] as number);
      x[i * columns + c] = rest / at(i);
    }
  });
  return x;
}
