import { allocate, type DType, promote } from "../dtype.ts";
import { reader } from "../elementwise.ts";
import { ShapeError } from "../errors.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { defineOp, type Elements, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";
import { broadcastShapes, type Dim, elementCount, formatShape, resolveShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { add, mul } from "./arithmetic.ts";
import { constant } from "./leaf.ts";
import { reshape, transpose } from "./movement.ts";
import { sumTo } from "./reduction.ts";

/** The last two axes of x exchanged. */
export function swapLast(x: Expr): Expr {
  const rank = x.shape.length;
  const order = x.shape.map((_, i) => (i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2));
  return transpose(x, order);
}

/**
 * Matrix product, `a b`, over the last two axes; leading axes broadcast.
 *
 * A vector on the left is a row, on the right a column, and its axis is gone from the result.
 *
 * Shapes: a [..., n, k], b [..., k, m] → [..., n, m]; a [k], b [k] → [].
 * Throws ShapeError unless both have an axis and k agrees.
 */
export const matmul: WithOp<(a: Operand, b: Operand) => Expr> = defineOp(
  {
    name: "matmul",
    arity: 2,
    infer: ([left, right]) => {
      const a = left as Expr;
      const b = right as Expr;
      const lead = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
      const dtype = promote(a.dtype, b.dtype);
      return {
        shape: [...lead, a.shape.at(-2) as Dim, b.shape.at(-1) as Dim],
        dtype: dtype === "bool" ? "i32" : dtype,
      };
    },
    evaluate: ([a, b], node, { sizes }) =>
      multiply(a as Tensor, b as Tensor, resolveShape("matmul", node.shape, sizes), node.dtype),
    vjp: ({ args }, adjoint, wanted) => {
      const [a, b] = args as readonly [Expr, Expr];
      return [
        wanted[0] === true ? sumTo(matmul(adjoint, swapLast(b)), a.shape) : undefined,
        wanted[1] === true ? sumTo(matmul(swapLast(a), adjoint), b.shape) : undefined,
      ];
    },
    jvp: ({ args }, [da, db]) => {
      const [a, b] = args as readonly [Expr, Expr];
      const left = da && matmul(da, b);
      const right = db && matmul(a, db);
      if (left === undefined) return right;
      return right === undefined ? left : add(left, right);
    },
    elements: (node, [a, b], { sizes }) => {
      const shape = resolveShape("matmul", node.shape, sizes);
      return multiplyElements(a as Elements, b as Elements, shape, node.dtype);
    },
    notation: { form: "product" },
  },
  (op) =>
    (left, right): Expr => {
      const a = operand("matmul", left);
      const b = operand("matmul", right);
      const inner = a.shape.at(-1);
      const fits = inner !== undefined && b.shape.length > 0;
      if (!fits || inner !== b.shape.at(b.shape.length === 1 ? -1 : -2)) {
        throw new ShapeError(
          `matmul: the last axis of the left must equal the last but one of the right, got ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
        );
      }
      const row = a.shape.length === 1;
      const column = b.shape.length === 1;
      const product = apply(op, [
        row ? reshape(a, [1, inner]) : a,
        column ? reshape(b, [inner, 1]) : b,
      ]);
      if (!row && !column) return product;
      const { shape } = product;
      const kept = shape.filter(
        (_, i) => !(row && i === shape.length - 2) && !(column && i === shape.length - 1),
      );
      return reshape(product, kept);
    },
);

/** `out[…, i, j] = Σ_k a[…, i, k] b[…, k, j]`, summed from the first k to the last. */
function multiply(a: Tensor, b: Tensor, shape: readonly number[], dtype: DType): Tensor {
  const [n, m] = shape.slice(-2) as [number, number];
  const inner = a.shape.at(-1) as number;
  const lead = shape.slice(0, -2);
  const stacks = elementCount(lead);
  const out = allocate(dtype, stacks * n * m);
  const left = stackReader(a, lead);
  const right = stackReader(b, lead);
  // Sums are kept in double precision and rounded once: the reference for single precision.
  const row = new Float64Array(m);
  const times = dtype === "i32" ? Math.imul : (x: number, y: number): number => x * y;
  for (let stack = 0; stack < stacks; stack++) {
    const fromA = left(stack) * n * inner;
    const fromB = right(stack) * inner * m;
    for (let i = 0; i < n; i++) {
      row.fill(0);
      for (let k = 0; k < inner; k++) {
        const factor = a.data[fromA + i * inner + k] as number;
        const start = fromB + k * m;
        for (let j = 0; j < m; j++) {
          row[j] = (row[j] as number) + times(factor, b.data[start + j] as number);
        }
      }
      const to = (stack * n + i) * m;
      for (let j = 0; j < m; j++) out[to + j] = row[j] as number;
    }
  }
  return new Tensor(shape, out, dtype);
}

/** The same for elements that are scalar graphs. */
function multiplyElements(
  a: Elements,
  b: Elements,
  shape: readonly number[],
  dtype: DType,
): Elements {
  const [n, m] = shape.slice(-2) as [number, number];
  const inner = a.shape.at(-1) as number;
  const lead = shape.slice(0, -2);
  const stacks = elementCount(lead);
  const left = stackReader(a, lead);
  const right = stackReader(b, lead);
  const items: Expr[] = [];
  for (let stack = 0; stack < stacks; stack++) {
    const fromA = left(stack) * n * inner;
    const fromB = right(stack) * inner * m;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) {
        let total: Expr | undefined;
        for (let k = 0; k < inner; k++) {
          const x = a.items[fromA + i * inner + k] as Expr;
          const term = mul(x, b.items[fromB + k * m + j] as Expr);
          total = total === undefined ? term : add(total, term);
        }
        items.push(total ?? constant(0, dtype));
      }
    }
  }
  return { shape, items };
}

/** Which of its own matrices an operand gives to each matrix of the broadcast stack. */
function stackReader(
  { shape }: { readonly shape: readonly number[] },
  lead: readonly number[],
): (stack: number) => number {
  const own = shape.slice(0, -2);
  const count = elementCount(own);
  if (own.length === 0) return () => 0;
  const positions = Int32Array.from({ length: count }, (_, i) => i);
  return reader(new Tensor(own, positions, "i32"), lead);
}
