import { allocate } from "../dtype.ts";
import type { Expr } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type Elements, type WithOp } from "../op.ts";
import { aroundAxis } from "../positions.ts";
import { asTensor, Tensor, type Value } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { expandDims } from "./axes.ts";
import { notEqual } from "./comparison.ts";
import { iota } from "./iota.ts";
import { constant } from "./leaf.ts";
import { broadcastTo } from "./movement.ts";
import {
  counting,
  likewise,
  type Reduction,
  reduceElements,
  reduceValue,
  reduction,
  withReducedAxes,
} from "./reduce.ts";
import { sum } from "./reduction.ts";
import { mask, where } from "./select.ts";

/**
 * Product over some axes, or all; 1 of nothing.
 *
 * Derivative by an element: the product of the others, formed without division, so that elements
 * that are 0 are no exception.
 */
export const prod: Reduction = /* @__PURE__ */ reduction({
  name: "prod",
  result: counting,
  evaluate: ([x], node) => {
    const times = node.dtype === "i32" ? Math.imul : (a: number, b: number): number => a * b;
    return reduceValue(x as Value, node, (read, length) => {
      let out = 1;
      for (let k = 0; k < length; k++) out = times(out, read(k));
      return out;
    });
  },
  vjp: (node, adjoint) => [mul(withReducedAxes(adjoint, node), productOfOthers(node))],
  jvp: (node, [x]) => x && sum(mul(x, productOfOthers(node)), ...likewise(node)),
  fold: ([x], { axes }) =>
    (axes as readonly number[]).length === 0 && x?.dtype !== "bool" ? x : undefined,
  elements: (node, [x]) =>
    reduceElements(node, x as Elements, (members) =>
      members.length === 0 ? constant(1, node.dtype) : members.reduce((a, b) => mul(a, b)),
    ),
  notation: { form: "big", latex: "\\prod" },
});

/** `∂prod/∂x`: along each axis in turn, the product of the others. */
function productOfOthers(node: Expr): Expr {
  let rest = node.args[0] as Expr;
  let out: Expr | undefined;
  for (const axis of node.attributes["axes"] as readonly number[]) {
    const others = prodExcept(rest, axis);
    out = out === undefined ? others : mul(out, others);
    rest = prod(rest, axis, { keepDims: true });
  }
  return out ?? constant(1, node.dtype);
}

/**
 * For each element the product of the others along an axis, `yᵢ = Π_{j≠i} xⱼ`.
 *
 * Its derivative is that of the products of the rows of a matrix in which row i has 1 for xᵢ.
 */
export const prodExcept: WithOp<(x: Expr, axis: number) => Expr> = defineOp(
  {
    name: "prodExcept",
    arity: 1,
    infer: ([x]) => ({ shape: (x as Expr).shape, dtype: (x as Expr).dtype }),
    evaluate: ([x], node) => exceptValue(x as Value, node),
    vjp: (node, adjoint) => {
      const axis = node.attributes["axis"] as number;
      const { rows, other } = exceptRows(node);
      const each = mul(expandDims(adjoint, axis + 1), prodExcept(rows, axis + 1));
      return [sum(mask(other, each), axis)];
    },
    jvp: (node, [x]) => {
      if (x === undefined) return undefined;
      const axis = node.attributes["axis"] as number;
      const { rows, other } = exceptRows(node);
      const each = mul(expandDims(x, axis), prodExcept(rows, axis + 1));
      return sum(mask(other, each), axis + 1);
    },
    lower: (node) => prod(exceptRows(node).rows, (node.attributes["axis"] as number) + 1),
    notation: named("prodExcept"),
  },
  (op) =>
    (x, axis): Expr =>
      apply(op, [x], { axis }),
);

/** Shapes: x [..., n, ...] → rows [..., n, n, ...], whose row i is x with 1 in place i. */
function exceptRows({ args: [arg], attributes }: Expr): { rows: Expr; other: Expr } {
  const x = arg as Expr;
  const axis = attributes["axis"] as number;
  const size = x.shape[axis] as number | string;
  const shape = [...x.shape.slice(0, axis), size, ...x.shape.slice(axis)];
  const index = iota(size);
  const differs = notEqual(expandDims(index, 1), index);
  const after = x.shape.slice(axis + 1).map(() => 1);
  const other = broadcastTo(
    after.reduce((grid) => expandDims(grid, -1), differs),
    shape,
  );
  const rows = where(other, broadcastTo(expandDims(x, axis), shape), constant(1, x.dtype));
  return { rows, other };
}

/** Products of those before times products of those after. */
function exceptValue(value: Value, node: Expr): Value {
  const { shape, data, dtype } = asTensor(value, node.dtype);
  const { outer, length, inner } = aroundAxis(shape, node.attributes["axis"] as number);
  const out = allocate(dtype, data.length);
  const before = new Float64Array(length);
  for (let o = 0; o < outer; o++) {
    for (let r = 0; r < inner; r++) {
      const at = (i: number): number => (o * length + i) * inner + r;
      let product = 1;
      for (let i = 0; i < length; i++) {
        before[i] = product;
        product *= data[at(i)] as number;
      }
      product = 1;
      for (let i = length - 1; i >= 0; i--) {
        out[at(i)] = (before[i] as number) * product;
        product *= data[at(i)] as number;
      }
    }
  }
  return new Tensor(shape, out, dtype);
}
