import {
  all,
  any,
  argmax,
  argmin,
  constant,
  cumulativeSum,
  EvaluationError,
  type Expr,
  evaluate,
  grad,
  mean,
  norm,
  prod,
  reduceMax,
  reduceMin,
  ShapeError,
  scalar,
  sqrt,
  sum,
  type Tensor,
  variable,
  where,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { expectDerivatives, spread, tensor } from "../../support/differences.ts";

const x = variable("x", [2, 3]);
const given = tensor([2, 3], [1, -2, 3, 0.5, 0, -1]);
const at = (y: Expr, value: Tensor = given): unknown => {
  const out = evaluate(y, { x: value }, { extra: "allow" });
  return typeof out === "number" ? out : out.toArray();
};

/** The lowered form has the type and the value of the op. */
function expectLowered(y: Expr, value: Tensor = given): void {
  const lowered = y.op.lower?.(y) as Expr;
  expect([lowered.shape, lowered.dtype]).toEqual([y.shape, y.dtype]);
  expect(at(lowered, value)).toEqual(at(y, value));
}

describe("sum and mean", () => {
  it("reduce axes, keep them, count truth values", () => {
    expect(at(sum(x))).toBe(1.5);
    expect(at(sum(x, 0))).toEqual([1.5, -2, 2]);
    expect(at(sum(x, -1, { keepDims: true }))).toEqual([[2], [-0.5]]);
    expect(at(mean(x, [0, 1]))).toBe(0.25);
    const truths = variable("t", ["n"], "bool");
    expect(sum(truths).dtype).toBe("i32");
    expect(evaluate(sum(truths), { t: [1, 0, 1] })).toBe(2);
    expect(() => sum(x, 2)).toThrow(ShapeError);
    expect(() => sum(x, [0, -2])).toThrow("axes must be distinct, got [0, -2]");
    expectLowered(mean(x, 1));
  });

  it("add single precision in double and round once", () => {
    const single = variable("x", ["n"], "f32");
    // 2²⁴ + 1 + 1: each step in single precision would lose the ones.
    expect(evaluate(sum(single), { x: [16777216, 1, 1] })).toBe(16777218);
    expect(evaluate(mean(single), { x: [16777216, 1, 1] })).toBe(Math.fround(16777218 / 3));
  });

  it("count a named size", () => {
    const batch = variable("x", ["batch", 2]);
    const y = sum(mean(batch, 0));
    const [, gradient] = evaluate([y, grad(y, batch)], { x: spread([4, 2]) });
    expect((gradient as Tensor).data).toEqual(new Float64Array(8).fill(0.25));
  });
});

describe("reduceMax and reduceMin", () => {
  it("reduce, and pass NaN on", () => {
    expect(at(reduceMax(x))).toBe(3);
    expect(at(reduceMin(x, 1))).toEqual([-2, -1]);
    expect(at(reduceMax(x), tensor([2, 3], [1, Number.NaN, 2, 3, 4, 5]))).toBeNaN();
    expect(() => reduceMax(variable("none", [0, 2]), 0)).toThrow(
      "reduceMax: reduced axes must have elements, got [0, 2] over 0",
    );
    expect(() => evaluate(reduceMax(variable("x", ["n"])), { x: [] })).toThrow(EvaluationError);
  });

  it("share the derivative among ties", () => {
    const tied = tensor([2, 3], [3, 1, 3, 3, 0, 0]);
    const third = 1 / 3;
    expect(at(grad(reduceMax(x), x), tied)).toEqual([
      [third, 0, third],
      [third, 0, 0],
    ]);
    expect(at(grad(sum(reduceMin(x, 1)), x), tied)).toEqual([
      [0, 1, 0],
      [0, 0.5, 0.5],
    ]);
    const infinite = tensor([2, 3], [Number.POSITIVE_INFINITY, 1, 2, 3, 4, 5]);
    expect(at(grad(reduceMax(x), x), infinite)).toEqual([
      [1, 0, 0],
      [0, 0, 0],
    ]);
  });

  it("differentiate away from ties, and select outside of infinite slopes", () => {
    expectDerivatives(reduceMax(x, 1).square(), { x: given });
    expectDerivatives(reduceMin(x.square(), 0, { keepDims: true }).exp(), { x: given });
    expect(at(grad(reduceMax(sqrt(x.square())), x), tensor([2, 3], [0, 0, 0, 0, 0, 2]))).toEqual([
      [0, 0, 0],
      [0, 0, 1],
    ]);
  });
});

describe("argmax and argmin", () => {
  it("take the first of equal elements, and NaN", () => {
    expect(argmax(x).dtype).toBe("i32");
    expect(at(argmax(x))).toEqual([2, 0]);
    expect(at(argmin(x, 0))).toEqual([1, 0, 1]);
    expect(
      at(argmax(x, 1, { keepDims: true }), tensor([2, 3], [1, 1, 0, 0, Number.NaN, 9])),
    ).toEqual([[0], [1]]);
  });

  it("have no derivative", () => {
    expect(() => grad(sum(argmax(x)), x)).toThrow(Error);
  });
});

describe("prod", () => {
  it("multiplies, in 32 bits for integers", () => {
    expect(at(prod(x, 0))).toEqual([0.5, -0, -3]);
    expect(at(prod(x))).toBe(0);
    const big = variable("x", [2], "i32");
    expect(evaluate(prod(big), { x: [65536, 65537] })).toBe(65536);
    expect(evaluate(prod(variable("x", ["n"])), { x: [] })).toBe(1);
  });

  it("has exact derivatives beside one zero, two and three", () => {
    const v = variable("v", ["n"]);
    const of = (values: number[]): unknown => [
      ...(evaluate(grad(prod(v), v), { v: values }) as Tensor).data,
    ];
    expect(of([2, 3, 4])).toEqual([12, 8, 6]);
    expect(of([2, 0, 4])).toEqual([0, 8, 0]);
    expect(of([0, 0, 4])).toEqual([0, 0, 0]);
    // ∂²(abc)/∂a∂b = c at a = b = 0; by a of the sum of the gradient: b + c + … of the others.
    const second = grad(sum(grad(prod(v), v)), v);
    expect([...(evaluate(second, { v: [0, 0, 4] }) as Tensor).data]).toEqual([4, 4, 0]);
    const third = grad(sum(second), v);
    expect([...(evaluate(third, { v: [0, 0, 0] }) as Tensor).data]).toEqual([2, 2, 2]);
  });

  it("differentiates over several axes", () => {
    expectDerivatives(prod(x), { x: given });
    expectDerivatives(prod(x, 1), { x: given });
    expectDerivatives(prod(variable("x", ["a", "b", 2]), [0, 2]), { x: spread([2, 2, 2]) });
  });
});

describe("norm", () => {
  it("scales, so that nothing overflows or vanishes", () => {
    expect(at(norm(x, 0))).toEqual([1.118033988749895, 2, 3.1622776601683795]); // numpy.linalg.norm
    const pair = variable("x", [2]);
    expect((evaluate(norm(pair), { x: [3e200, 4e200] }) as number) / 5e200).toBeCloseTo(1, 14);
    expect((evaluate(norm(pair), { x: [3e-200, -4e-200] }) as number) * 2e199).toBeCloseTo(1, 14);
    expect(evaluate(norm(pair), { x: [1, Number.NEGATIVE_INFINITY] })).toBe(
      Number.POSITIVE_INFINITY,
    );
    expectLowered(norm(x, 1));
    expectLowered(norm(x));
    expectLowered(norm(x, 1), tensor([2, 3], [0, 0, 0, 3e200, -4e200, 0]));
  });

  it("has derivative x / ‖x‖, and 0 at the origin", () => {
    const pair = variable("x", [2]);
    const gradient = grad(norm(pair), pair);
    expect((evaluate(gradient, { x: [3, 4] }) as Tensor).toArray()).toEqual([0.6, 0.8]);
    expect((evaluate(gradient, { x: [0, 0] }) as Tensor).toArray()).toEqual([0, 0]);
    expectDerivatives(norm(x, 1), { x: given });
    expectDerivatives(norm(scalar("s")).square(), { s: -3 });
  });
});

describe("cumulativeSum", () => {
  it("runs forward and back", () => {
    expect(at(cumulativeSum(x))).toEqual([
      [1, -1, 2],
      [0.5, 0.5, -0.5],
    ]);
    expect(at(cumulativeSum(x, 0, { reverse: true }))).toEqual([
      [1.5, -2, 2],
      [0.5, 0, -1],
    ]);
    expect(() => cumulativeSum(scalar("s"))).toThrow(ShapeError);
  });

  it("differentiates, along a named size too", () => {
    const named = variable("x", ["time", 2]);
    expectDerivatives(cumulativeSum(named.square(), 0).square(), { x: spread([3, 2]) });
  });

  it("keeps selection outside", () => {
    const v = variable("v", [2]);
    const on = variable("on", [2], "bool");
    const y = sum(where(on, cumulativeSum(sqrt(v), 0, { reverse: true }), 0));
    expect((evaluate(grad(y, v), { v: [0, 4], on: [0, 1] }) as Tensor).toArray()).toEqual([
      0, 0.25,
    ]);
  });
});

it("any and all", () => {
  expect(at(any(x.square(), 1))).toEqual([1, 1]);
  expect(at(all(x, 0))).toEqual([1, 0, 1]);
  expect(all(x).dtype).toBe("bool");
  expect(evaluate(all(constant([1, 2])))).toBe(1);
  expect(() => sum(x, 0.5)).toThrow(ShapeError);
});
