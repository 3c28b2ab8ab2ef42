import {
  add,
  broadcastTo,
  type Dim,
  evaluate,
  formatShape,
  ShapeError,
  sum,
  type Tensor,
  variable,
} from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const shapeOfSum = (a: readonly Dim[], b: readonly Dim[]): readonly Dim[] =>
  add(variable("a", a), variable("b", b)).shape;

describe("broadcasting", () => {
  it.each([
    [[], [], []],
    [[3], [], [3]],
    [[], [2, 3], [2, 3]],
    [[2, 3], [3], [2, 3]],
    [
      [2, 1],
      [1, 3],
      [2, 3],
    ],
    [
      [4, 1, 3],
      [5, 1],
      [4, 5, 3],
    ],
    [["batch", 3], [3], ["batch", 3]],
    [
      ["batch", 1],
      ["batch", 3],
      ["batch", 3],
    ],
    [["batch"], [1], ["batch"]],
    [
      [0, 3],
      [1, 3],
      [0, 3],
    ],
  ] as const)("%j and %j meet in %j", (a, b, expected) => {
    expect(shapeOfSum(a, b)).toEqual(expected);
    expect(shapeOfSum(b, a)).toEqual(expected);
  });

  it.each([
    [[2], [3], "add: shapes must be equal or broadcast, got [2] and [3]"],
    [["batch"], [2], "add: shapes must be equal or broadcast, got [batch] and [2]"],
    [["n", 3], ["m", 3], "add: shapes must be equal or broadcast, got [n, 3] and [m, 3]"],
  ] as const)("%j and %j do not", (a, b, message) => {
    expect(() => shapeOfSum(a, b)).toThrow(new ShapeError(message));
  });

  it("repeats along axes of length 1, as reading each element says", () => {
    const dim = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(
        fc.array(dim, { maxLength: 4 }),
        fc.array(fc.boolean(), { maxLength: 4 }),
        (to, ones) => {
          const from = to
            .slice(Math.max(0, to.length - ones.length))
            .map((size, i) => (ones[i] === true ? 1 : size));
          const count = from.reduce((a, b) => a * b, 1);
          const flat = Float64Array.from({ length: count }, (_, i) => i + 1);
          const x = variable("x", from);
          const spread = evaluate(sum(broadcastTo(x, to)), { x: from.length === 0 ? 1 : flat });
          const times = to.reduce((a, b) => a * b, 1) / count;
          expect(spread).toBe((times * count * (count + 1)) / 2);
        },
      ),
    );
  });

  it("reads elements of a row and a column into a matrix", () => {
    const table = add(variable("row", [3]), variable("column", [2, 1]));
    const value = evaluate(table, { row: [1, 2, 3], column: [[10], [20]] }) as Tensor;
    expect(value.toArray()).toEqual([
      [11, 12, 13],
      [21, 22, 23],
    ]);
  });
});

describe("shapes given by a user", () => {
  it.each([[[-1]], [[1.5]], [[Number.NaN]], [[2 ** 60]], [[""]], [["2n"]], [["a b"]], [[null]]])(
    "%j is refused",
    (shape) => {
      expect(() => variable("x", shape as never)).toThrow(
        /^variable: a size must be a whole number ≥ 0 or a name, got \[/,
      );
    },
  );

  it("must be arrays", () => {
    expect(() => variable("x", 3 as never)).toThrow(
      "variable: a shape must be an array of sizes, got 3",
    );
  });

  it("are copied: later writes do not reach the node", () => {
    const shape = [2, 3];
    const x = variable("x", shape);
    shape[0] = 5;
    expect(x.shape).toEqual([2, 3]);
    expect(Object.isFrozen(x.shape)).toBe(true);
  });

  it("print as they are written", () => {
    expect(formatShape([])).toBe("[]");
    expect(formatShape(["batch", 3])).toBe("[batch, 3]");
  });
});

describe("axes", () => {
  const x = variable("x", [2, 3, 4]);

  it("count from the end if negative", () => {
    expect(sum(x, -1)).toBe(sum(x, 2));
    expect(sum(x, [-3, 1]).shape).toEqual([4]);
  });

  it.each([
    [3, "sum: axis must lie in -3 … 2, got 3"],
    [-4, "sum: axis must lie in -3 … 2, got -4"],
    [0.5, "sum: axis must lie in -3 … 2, got 0.5"],
    [[0, -3], "sum: axes must be distinct, got [0, -3]"],
  ])("%j is refused", (axes, message) => {
    expect(() => sum(x, axes)).toThrow(new ShapeError(message));
  });
});

describe("named sizes", () => {
  const ones = broadcastTo(1, ["batch", 2]);

  it("are fixed by what is bound, or given", () => {
    const x = variable("x", ["batch", 2]);
    expect(
      evaluate(sum(add(x, ones)), {
        x: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      }),
    ).toBe(27);
    expect(evaluate(sum(ones), {}, { sizes: { batch: 4 } })).toBe(8);
  });

  it("an unused input bound by node tells them: the gradient of a sum is all ones", () => {
    const x = variable("x", ["batch", 2]);
    expect(evaluate(sum(ones), new Map([[x, [[1, 2]]]]))).toBe(2);
  });

  it("missing or impossible ones are refused", () => {
    expect(() => evaluate(ones)).toThrow(
      'broadcastTo: size "batch" must be fixed by a bound variable or by sizes, got shape [batch, 2]',
    );
    expect(() => evaluate(ones, {}, { sizes: { batch: -1 } })).toThrow(
      'evaluate: size "batch" must be a whole number ≥ 0, got -1',
    );
    const x = variable("x", ["batch"]);
    expect(() => evaluate(sum(x), { x: [1, 2] }, { sizes: { batch: 3 } })).toThrow(
      'evaluate: x: size "batch" must be 3 as in the inputs before, got shape [2]',
    );
  });
});
