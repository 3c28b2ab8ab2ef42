import { allocate } from "../dtype.ts";
import type { Expr, Operand } from "../expr.ts";
import { apply } from "../intern.ts";
import { named } from "../notation.ts";
import { defineOp, type WithOp } from "../op.ts";
import { operand } from "../operands.ts";
import { normalizeAxes } from "../shape.ts";
import { asTensor, asValue, Tensor, type Value } from "../tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { equal } from "./comparison.ts";
import { exp, log } from "./exponential.ts";
import { reduceMax } from "./extremum.ts";
import { reshape } from "./movement.ts";
import {
  asType,
  floating,
  groupsOf,
  likewise,
  type Reduction,
  reduceValue,
  reduction,
  withReducedAxes,
} from "./reduce.ts";
import { sum } from "./reduction.ts";
import { where } from "./select.ts";

/**
 * `ln Σ eˣⁱ` over some axes, or all, shifted by the maximum: `m + ln Σ e^(xᵢ − m)`.
 *
 * −∞ adds nothing, and −∞ alone gives −∞; +∞ gives +∞. Derivative: `softmax(x)`.
 * Source: Blanchard, Higham & Higham, "Accurately computing the log-sum-exp and softmax functions",
 * IMA J. Numer. Anal. 41 (2021).
 */
export const logSumExp: Reduction = /* @__PURE__ */ reduction({
  name: "logSumExp",
  result: floating,
  empty: "refuse",
  evaluate: ([x], node) =>
    reduceValue(x as Value, node, (read, length) => {
      const { largest, total } = shiftedSum(read, length);
      return largest + Math.log(total);
    }),
  vjp: (node, adjoint) => [mul(withReducedAxes(adjoint, node), softmaxOf(node))],
  jvp: (node, [x]) => x && sum(mul(x, softmaxOf(node)), ...likewise(node)),
  lower: (node) => {
    const [axes, { keepDims }] = likewise(node);
    const { largest, weights } = shifted(node);
    const out = add(largest, log(sum(weights, axes, { keepDims: true })));
    return keepDims ? out : reshape(out, node.shape);
  },
  notation: named("logSumExp"),
});

function softmaxOf(node: Expr): Expr {
  return softmax(node.args[0] as Expr, node.attributes["axes"] as readonly number[]);
}

/** A function of the same shape as its argument, in which elements along some axes take part. */
export type Normalization = WithOp<(x: Operand, axes?: number | readonly number[]) => Expr>;

/**
 * `eˣⁱ / Σ eˣʲ` over some axes, by default the last: positive numbers whose sum is 1.
 *
 * Shifted by the maximum; elements that reach an infinite maximum share the whole evenly (the limit
 * of equal elements), −∞ beside a larger element gives 0.
 * Derivative: `x̄ = y (ȳ − Σ ȳ y)`. Shapes: as x.
 */
export const softmax: Normalization = /* @__PURE__ */ normalization(
  "softmax",
  (read, length, write) => {
    const { largest, total } = shiftedSum(read, length);
    for (let k = 0; k < length; k++) write(k, Math.exp(shift(read(k), largest)) / total);
  },
  {
    vjp: (node, adjoint) => [mul(node, sub(adjoint, along(node, mul(adjoint, node))))],
    jvp: (node, [x]) => x && mul(node, sub(x, along(node, mul(x, node)))),
    lower: (node) => {
      const { weights } = shifted(node);
      return div(weights, along(node, weights));
    },
  },
);

/**
 * `xᵢ − ln Σ eˣʲ` over some axes, by default the last: the logarithm of softmax, without its
 * underflow.
 *
 * Derivative: `x̄ = ȳ − softmax(x) Σ ȳ`. Shapes: as x.
 */
export const logSoftmax: Normalization = /* @__PURE__ */ normalization(
  "logSoftmax",
  (read, length, write) => {
    const { largest, total } = shiftedSum(read, length);
    const logarithm = Math.log(total);
    for (let k = 0; k < length; k++) write(k, shift(read(k), largest) - logarithm);
  },
  {
    vjp: (node, adjoint) => [sub(adjoint, mul(softmaxOf(node), along(node, adjoint)))],
    jvp: (node, [x]) => x && sub(x, along(node, mul(softmaxOf(node), x))),
    lower: (node) => {
      const { difference, weights } = shifted(node);
      return sub(difference, log(along(node, weights)));
    },
  },
);

type Kernel = (
  read: (k: number) => number,
  length: number,
  write: (k: number, value: number) => void,
) => void;

type Rules = Required<Pick<(typeof logSumExp)["op"], "vjp" | "jvp" | "lower">>;

// @__NO_SIDE_EFFECTS__
function normalization(name: string, kernel: Kernel, rules: Rules): Normalization {
  return defineOp(
    {
      ...rules,
      name,
      arity: 1,
      infer: ([x]) => ({ shape: (x as Expr).shape, dtype: floating((x as Expr).dtype) }),
      evaluate: ([x], node) => {
        const { shape, data } = asTensor(x as Value, (node.args[0] as Expr).dtype);
        const { bases, offsets } = groupsOf(shape, node.attributes["axes"] as readonly number[]);
        const out = allocate(node.dtype, data.length);
        for (const base of bases) {
          const at = (k: number): number => base + (offsets[k] as number);
          kernel(
            (k) => data[at(k)] as number,
            offsets.length,
            (k, value) => {
              out[at(k)] = value;
            },
          );
        }
        return asValue(new Tensor(shape, out, node.dtype));
      },
      notation: named(name),
    },
    (op) =>
      (x, axes = -1): Expr => {
        const source = operand(name, x);
        return apply(op, [source], { axes: normalizeAxes(name, axes, source.shape.length) });
      },
  );
}

/** `x − m`, and 0 where they are equal, infinities included. */
function shift(x: number, largest: number): number {
  return x === largest ? 0 : x - largest;
}

/** The maximum m and `Σ e^(xᵢ − m)`. */
function shiftedSum(
  read: (k: number) => number,
  length: number,
): { readonly largest: number; readonly total: number } {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < length; k++) largest = Math.max(largest, read(k));
  let total = 0;
  for (let k = 0; k < length; k++) total += Math.exp(shift(read(k), largest));
  return { largest, total };
}

/** The same as graphs: m, `xᵢ − m` and `e^(xᵢ − m)`. */
function shifted(node: Expr): {
  readonly largest: Expr;
  readonly difference: Expr;
  readonly weights: Expr;
} {
  const x = asType(node.args[0] as Expr, node.dtype);
  const largest = reduceMax(x, node.attributes["axes"] as readonly number[], { keepDims: true });
  const difference = where(equal(x, largest), 0, sub(x, largest));
  return { largest, difference, weights: exp(difference) };
}

/** The sum along the node's axes, which stay. */
function along(node: Expr, x: Expr): Expr {
  return sum(x, node.attributes["axes"] as readonly number[], { keepDims: true });
}
