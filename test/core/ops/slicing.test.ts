import {
  broadcastTo,
  EvaluationError,
  type Expr,
  evaluate,
  flip,
  grad,
  pad,
  pick,
  place,
  ShapeError,
  slice,
  sqrt,
  sum,
  type Tensor,
  variable,
  where,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { expectDerivatives, spread, tensor } from "../../support/differences.ts";

const v = variable("v", [5]);
const five = tensor([5], [10, 11, 12, 13, 14]);
const elements = (x: Expr): number[] => [...(evaluate(x, { v: five }) as Tensor).data];

describe("slice", () => {
  // numpy.arange(10, 15)[start:stop:step]
  it.each([
    [undefined, undefined, 1, [10, 11, 12, 13, 14]],
    [1, 3, 1, [11, 12]],
    [-2, undefined, 1, [13, 14]],
    [0, 5, 2, [10, 12, 14]],
    [1, -1, 2, [11, 13]],
    [undefined, undefined, -1, [14, 13, 12, 11, 10]],
    [3, 0, -2, [13, 11]],
    [undefined, undefined, -2, [14, 12, 10]],
    [2, 2, 1, []],
    [5, undefined, 1, []],
  ])("from %s to %s by %s", (start, stop, step, expected) => {
    expect(elements(slice(v, 0, start, stop, step))).toEqual(expected);
  });

  it("takes an inner axis", () => {
    const x = variable("x", [2, 3]);
    const given = tensor([2, 3], [1, 2, 3, 4, 5, 6]);
    const part = evaluate(slice(x, 1, -2), { x: given }) as Tensor;
    expect(part.toArray()).toEqual([
      [2, 3],
      [5, 6],
    ]);
  });

  it("refuses bounds outside the axis and broken numbers", () => {
    expect(() => slice(v, 0, 0, 6)).toThrow(ShapeError);
    expect(() => slice(v, 0, -6)).toThrow(
      "slice: bounds must lie within the axis of 5, got start -6, stop none, step 1",
    );
    expect(() => slice(v, 1)).toThrow("slice: axis must lie in -1 … 0, got 1");
    expect(() => slice(v, 0, 0.5)).toThrow("slice: bounds must be whole numbers, got 0.5");
    expect(() => slice(v, 0, 0, 1, 0)).toThrow("slice: step must not be 0");
  });

  it("carries named sizes where the length does not depend on them", () => {
    const x = variable("x", ["time", 2]);
    const given = tensor([3, 2], [1, 2, 3, 4, 5, 6]);
    const rows = (y: Expr): unknown => (evaluate(y, { x: given }) as Tensor).toArray();
    expect(slice(x, 0, undefined, undefined, -1).shape).toEqual(["time", 2]);
    expect(rows(flip(x, 0))).toEqual([
      [5, 6],
      [3, 4],
      [1, 2],
    ]);
    expect(rows(slice(x, 0, -2))).toEqual([
      [3, 4],
      [5, 6],
    ]);
    expect(rows(pick(x, 0, -1))).toEqual([5, 6]);
    expect(rows(pick(x, 0, 1))).toEqual([3, 4]);
    expect(() => slice(x, 0, 1)).toThrow('the length of a part must not depend on "time"');
    expect(() => slice(x, 0, 0, -1)).toThrow(ShapeError);
    expect(() => rows(slice(x, 0, 0, 4))).toThrow(EvaluationError);
    expectDerivatives(slice(x, 0, -2).square(), { x: given });
    expectDerivatives(flip(x).square(), { x: given });
  });
});

describe("place", () => {
  it("is the reverse of slice", () => {
    const part = variable("part", [2]);
    const y = place(part, 0, 5, 1, 3);
    expect((evaluate(y, { part: tensor([2], [7, 8]) }) as Tensor).toArray()).toEqual([
      0, 7, 0, 0, 8,
    ]);
    expect(slice(y, 0, 1, undefined, 3).shape).toEqual([2]);
    expect(() => place(part, 0, 5, 4)).toThrow("must lie in the axis of 5, got 2 from 4 by 1");
  });
});

describe("pad and flip", () => {
  it("puts values around", () => {
    // numpy.pad([[1, 2]], ((1, 0), (0, 2)), constant_values=9)
    const x = variable("x", [1, 2]);
    const y = pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      9,
    );
    expect((evaluate(y, { x: tensor([1, 2], [1, 2]) }) as Tensor).toArray()).toEqual([
      [9, 9, 9, 9],
      [1, 2, 9, 9],
    ]);
    expect(pad(x, 0)).toBe(x);
    expect(() => pad(x, -1)).toThrow("widths must be whole numbers ≥ 0, got -1");
    expect(() => pad(x, [1])).toThrow("there must be widths for 2 axes, got 1");
    expect(() => pad(variable("b", ["batch"]), 1)).toThrow(ShapeError);
  });

  it("differentiates", () => {
    const x = variable("x", [3, 4]);
    const point = { x: spread([3, 4]) };
    expectDerivatives(slice(x, 1, 3, 0, -2).square(), point);
    expectDerivatives(pad(x, [1, [2, 0]], 3).square(), point);
    expectDerivatives(flip(x, [0, 1]).square(), point);
  });
});

it("keeps selection outside: an infinite slope of the side not taken does not leak", () => {
  const x = variable("x", [2]);
  const chosen = where(variable("on", [2], "bool"), slice(sqrt(x), 0, undefined, undefined, -1), 0);
  const gradient = grad(sum(chosen), x);
  const given = { x: tensor([2], [0, 4]), on: [1, 0] };
  expect((evaluate(gradient, given) as Tensor).toArray()).toEqual([0, 0.25]);
  const placed = where(variable("on", [2], "bool"), broadcastTo(pick(sqrt(x), 0, 0), [2]), 0);
  expect((evaluate(grad(sum(placed), x), { ...given, on: [0, 0] }) as Tensor).toArray()).toEqual([
    0, 0,
  ]);
});
