import {
  concat,
  evaluate,
  expandDims,
  grad,
  moveAxis,
  pick,
  ShapeError,
  scalar,
  sqrt,
  squeeze,
  stack,
  sum,
  type Tensor,
  variable,
  where,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { expectDerivatives, spread, tensor } from "../../support/differences.ts";

const a = variable("a", [1, 2]);
const b = variable("b", [2, 2]);
const given = { a: tensor([1, 2], [1, 2]), b: tensor([2, 2], [3, 4, 5, 6]) };

describe("concat", () => {
  it("joins along an axis", () => {
    expect((evaluate(concat([a, b]), given) as Tensor).toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const wide = concat([b, b, b], -1);
    expect(wide.shape).toEqual([2, 6]);
    expect((evaluate(wide, { b: given.b }) as Tensor).toArray()).toEqual([
      [3, 4, 3, 4, 3, 4],
      [5, 6, 5, 6, 5, 6],
    ]);
  });

  it("checks shapes and carries named sizes beside the axis", () => {
    expect(() => concat([a, b], 1)).toThrow(
      "shapes must agree in all axes but 1, got [1, 2] and [2, 2]",
    );
    expect(() => concat([])).toThrow("parts must be an array of at least one");
    const x = variable("x", ["batch", 2]);
    expect(concat([x, x], 1).shape).toEqual(["batch", 4]);
    expect(() => concat([x, x], 0)).toThrow(ShapeError);
  });

  it("differentiates", () => {
    expectDerivatives(concat([a, b.square(), a], 0).square(), given);
    const x = variable("x", ["batch", 2]);
    expectDerivatives(concat([x, x.square()], 1).square(), { x: spread([3, 2]) });
  });
});

describe("stack", () => {
  it("makes a vector of numbers, a matrix of vectors", () => {
    const x = scalar("x");
    const y = scalar("y");
    expect((evaluate(stack([x, y, 3]), { x: 1, y: 2 }) as Tensor).toArray()).toEqual([1, 2, 3]);
    const columns = stack([pick(b, 0, 0), pick(b, 0, 1)], 1);
    expect((evaluate(columns, { b: given.b }) as Tensor).toArray()).toEqual([
      [3, 5],
      [4, 6],
    ]);
    expect(() => stack([x, b])).toThrow("stack: shapes must be equal, got [] and [2, 2]");
    const [dx, dy] = grad(sum(stack([x.square(), y])), [x, y]);
    expect(evaluate({ dx, dy }, { x: 5 }, { extra: "allow" })).toEqual({ dx: 10, dy: 1 });
  });

  it("differentiates, and its lowered form has its value", () => {
    const y = stack([b.square(), b.exp()], 1);
    expectDerivatives(y.square(), { b: given.b });
    const lowered = y.op.lower?.(y);
    expect(lowered?.shape).toEqual(y.shape);
    expect(lowered && evaluate(lowered, { b: given.b })).toEqual(evaluate(y, { b: given.b }));
  });
});

it("moves and drops axes", () => {
  const x = variable("x", ["batch", 1, 3]);
  expect(squeeze(x).shape).toEqual(["batch", 3]);
  expect(expandDims(x, -1).shape).toEqual(["batch", 1, 3, 1]);
  expect(moveAxis(x, 0, -1).shape).toEqual([1, 3, "batch"]);
  expect(() => squeeze(x, 2)).toThrow("squeeze: axes 2 must have length 1, got [batch, 1, 3]");
});

it("keeps selection outside of joins", () => {
  const x = scalar("x");
  const y = sum(where(variable("on", [2], "bool"), stack([sqrt(x), x]), 0));
  expect(evaluate(grad(y, x), { x: 0, on: [0, 1] })).toBe(1);
});
