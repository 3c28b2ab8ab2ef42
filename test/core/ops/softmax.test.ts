import {
  type Expr,
  evaluate,
  grad,
  logSoftmax,
  logSumExp,
  softmax,
  sum,
  type Tensor,
  variable,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { expectDerivatives, tensor } from "../../support/differences.ts";

const x = variable("x", [2, 3]);
const given = tensor([2, 3], [1, -2, 3, 0.5, 0, -1]);
const infinity = Number.POSITIVE_INFINITY;

function near(y: Expr, value: Tensor, expected: readonly number[]): void {
  const out = evaluate(y, { x: value });
  const items = typeof out === "number" ? [out] : [...out.data];
  expect(items).toHaveLength(expected.length);
  for (const [i, item] of items.entries()) expect(item).toBeCloseTo(expected[i] as number, 14);
}

const row = (items: readonly number[]): Tensor => tensor([items.length], items);
const v = variable("x", ["n"]);
const elements = (y: Expr, items: readonly number[]): number[] => {
  const out = evaluate(y, { x: row(items) });
  return typeof out === "number" ? [out] : [...out.data];
};

describe("values of scipy.special", () => {
  it("softmax, log_softmax, logsumexp", () => {
    near(
      softmax(x),
      given,
      [
        0.11849965453500959, 0.005899750401902781, 0.8756005950630876, 0.5465493872661796,
        0.3314989604240915, 0.12195165230972885,
      ],
    );
    near(
      softmax(x, 0),
      given,
      [
        0.6224593312018546, 0.11920292202211755, 0.9820137900379085, 0.37754066879814546,
        0.8807970779778823, 0.017986209962091555,
      ],
    );
    near(
      logSoftmax(x, [0, 1]),
      given,
      [
        -2.2563933479068727, -5.256393347906873, -0.25639334790687285, -2.7563933479068727,
        -3.2563933479068727, -4.256393347906873,
      ],
    );
    near(logSumExp(x), given, [3.2563933479068727]);
    near(logSumExp(x, 0), given, [1.4740769841801067, 0.1269280110429725, 3.01814992791781]);
  });
});

it("shifts by the maximum", () => {
  expect(elements(softmax(v), [1000, 0, -1000])).toEqual([1, 0, 0]);
  expect(elements(logSoftmax(v), [1000, 0, -1000])).toEqual([0, -1000, -2000]);
  expect(elements(logSumExp(v), [1000, 1000])).toEqual([1000 + Math.log(2)]);
  expect(elements(logSumExp(v), [-1000])).toEqual([-1000]);
});

describe("infinities", () => {
  it("have values", () => {
    expect(elements(logSumExp(v), [-infinity, 2])).toEqual([2]);
    expect(elements(logSumExp(v), [-infinity, -infinity])).toEqual([-infinity]);
    expect(elements(logSumExp(v), [infinity, 2])).toEqual([infinity]);
    expect(elements(softmax(v), [-infinity, 2])).toEqual([0, 1]);
    expect(elements(softmax(v), [infinity, 2])).toEqual([1, 0]);
    expect(elements(softmax(v), [-infinity, -infinity])).toEqual([0.5, 0.5]);
    expect(elements(logSoftmax(v), [-infinity, 2])).toEqual([-infinity, 0]);
  });

  it("have derivatives", () => {
    expect(elements(grad(logSumExp(v), v), [-infinity, 2])).toEqual([0, 1]);
    expect(elements(grad(logSumExp(v), v), [-infinity, -infinity])).toEqual([0.5, 0.5]);
    expect(elements(grad(sum(softmax(v).square()), v), [-infinity, 0])).toEqual([-0, 0]);
  });
});

it("differentiates over chosen axes, to second order", () => {
  for (const y of [
    softmax(x),
    softmax(x, 0),
    softmax(x, [0, 1]),
    logSoftmax(x),
    logSoftmax(x, [0, 1]),
    logSumExp(x),
    logSumExp(x, 1, { keepDims: true }),
  ]) {
    expectDerivatives(y, { x: given });
  }
});

it("lowers to the same value", () => {
  for (const items of [
    [1, 2, 3],
    [-infinity, 0, 5],
    [infinity, 1, 1],
    [-infinity, -infinity, -infinity],
  ]) {
    for (const y of [
      softmax(v),
      logSoftmax(v),
      logSumExp(v),
      logSumExp(v, 0, { keepDims: true }),
    ]) {
      const lowered = y.op.lower?.(y) as Expr;
      expect([lowered.shape, lowered.dtype]).toEqual([y.shape, y.dtype]);
      expect(elements(lowered, items)).toEqual(elements(y, items));
    }
  }
});
