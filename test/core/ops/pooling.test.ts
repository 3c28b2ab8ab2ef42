import { type Expr, evaluate, grad, ShapeError, sum, type Tensor, variable } from "@chainrule/core";
import { averagePool1d, averagePool2d, maxPool1d, maxPool2d } from "@chainrule/core/conv";
import { describe, expect, it } from "vitest";
import { expectDerivatives, spread, tensor } from "../../support/differences.ts";

const x = variable("x", [1, 1, 6]);
const given = tensor([1, 1, 6], [3, 1, 4, 4, 5, -9]);
const elements = (y: Expr, value = given): number[] => [
  ...(evaluate(y, { x: value }) as Tensor).data,
];

describe("max pooling", () => {
  it("takes the largest of each window", () => {
    expect(elements(maxPool1d(x, 2))).toEqual([3, 4, 5]);
    expect(elements(maxPool1d(x, 3, { stride: 1 }))).toEqual([4, 4, 5, 5]);
    expect(elements(maxPool1d(x, 2, { padding: [[1, 1]] }))).toEqual([3, 4, 5, -9]);
    expect(elements(maxPool1d(x, 2, { dilation: 3, stride: 1 }))).toEqual([4, 5, 4]);
    const image = variable("x", [1, 1, 3, 4]);
    const values = tensor([1, 1, 3, 4], [1, 2, 3, 4, 8, 7, 6, 5, 9, 10, 11, 12]);
    expect(elements(maxPool2d(image, 2), values)).toEqual([8, 6]);
    expect(elements(maxPool2d(image, [3, 2], { stride: [1, 1] }), values)).toEqual([10, 11, 12]);
  });

  it("gives a tie's derivative to the first", () => {
    expect(elements(grad(sum(maxPool1d(x, 3, { stride: 1 })), x))).toEqual([0, 0, 2, 0, 2, 0]);
  });

  it("differentiates to second order", () => {
    const image = variable("x", ["batch", 2, 4, 5]);
    const point = { x: spread([2, 2, 4, 5]) };
    expectDerivatives(maxPool2d(image, 2, { stride: 1 }).square(), point);
    expectDerivatives(maxPool2d(image.exp(), [2, 3], { padding: 1 }).square(), point);
  });

  it("refuses padding beyond half a window", () => {
    expect(() => maxPool1d(x, 2, { padding: 2 })).toThrow(
      "maxPool1d: padding must be at most half the window of 2, got [2, 2]",
    );
    expect(() => maxPool1d(variable("x", [6]), 2)).toThrow(ShapeError);
    expect(() => maxPool1d(x, 0)).toThrow("size must be 1 whole numbers ≥ 1, got 0");
  });
});

describe("average pooling", () => {
  it("counts padding or not", () => {
    expect(elements(averagePool1d(x, 2))).toEqual([2, 4, -2]);
    const padded = { padding: 1, stride: 3 };
    expect(elements(averagePool1d(x, 3, padded))).toEqual([4 / 3, 13 / 3]);
    expect(elements(averagePool1d(x, 3, { ...padded, countPadding: false }))).toEqual([2, 13 / 3]);
  });

  it("differentiates to second order", () => {
    const image = variable("x", ["batch", 1, 4, 5]);
    const point = { x: spread([2, 1, 4, 5]) };
    for (const countPadding of [true, false]) {
      const options = { stride: 1, padding: 1, countPadding };
      expectDerivatives(averagePool2d(image.square(), [3, 2], options).square(), point);
    }
    const same = averagePool1d(variable("x", [1, 1, "time"]), 3, { stride: 1, padding: "same" });
    expect(same.shape).toEqual([1, 1, "time"]);
  });
});
