import {
  constant,
  DTypeError,
  EvaluationError,
  type Expr,
  evaluate,
  gather,
  grad,
  iota,
  oneHot,
  ShapeError,
  scatterAdd,
  segmentSum,
  sqrt,
  sum,
  type Tensor,
  take,
  variable,
  where,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { scalarize } from "../../../packages/core/src/scalarize.ts";
import { expectDerivatives, integers, spread, tensor } from "../../support/differences.ts";

const table = variable("table", [3, 2]);
const given = tensor([3, 2], [1, 2, 3, 4, 5, 6]);
const rows = constant([2, 0, 2], "i32");
const at = (y: Expr): unknown => {
  const out = evaluate(y, { table: given }, { extra: "allow" });
  return typeof out === "number" ? out : out.toArray();
};

describe("take", () => {
  it("takes rows, columns, one part, a matrix of rows", () => {
    // numpy.take([[1, 2], [3, 4], [5, 6]], …)
    expect(at(take(table, rows))).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ]);
    expect(at(take(table, constant([1, 1, 0], "i32"), -1))).toEqual([
      [2, 2, 1],
      [4, 4, 3],
      [6, 6, 5],
    ]);
    expect(at(take(table, 1))).toEqual([3, 4]);
    expect(take(table, variable("tokens", ["batch", "time"], "i32")).shape).toEqual([
      "batch",
      "time",
      2,
    ]);
  });

  it("refuses indices out of range or not whole", () => {
    expect(() => at(take(table, 3))).toThrow(EvaluationError);
    expect(() => at(take(table, -1))).toThrow("take: indices must lie in 0 … 2, got -1");
    expect(() => take(table, constant([0, 1]))).toThrow(
      "take: indices must be of type i32, got f64",
    );
    expect(() => take(table, 0.5)).toThrow(DTypeError);
  });

  it("adds up where an index repeats", () => {
    expect(at(grad(sum(take(table, rows)), table))).toEqual([
      [1, 1],
      [0, 0],
      [2, 2],
    ]);
    expectDerivatives(take(table.square(), rows).square(), { table: given });
    expectDerivatives(
      take(
        table,
        constant(
          [
            [0, 1],
            [1, 1],
          ],
          "i32",
        ),
        1,
      ).exp(),
      { table: given },
    );
    const batch = variable("table", ["n", 2]);
    expectDerivatives(take(batch, rows).square(), { table: given });
  });
});

describe("segmentSum", () => {
  it("is the reverse of take", () => {
    const y = segmentSum(variable("x", [3, 2]), rows, 4);
    expect((evaluate(y, { x: given }) as Tensor).toArray()).toEqual([
      [3, 4],
      [0, 0],
      [6, 8],
      [0, 0],
    ]);
    expect(() => segmentSum(table, constant([0, 1], "i32"), 4)).toThrow(
      "segmentSum: x must have the axes of indices from axis 0, got [3, 2] and [2]",
    );
    expect(() => at(segmentSum(table, rows, 2))).toThrow(
      "segmentSum: indices must lie in 0 … 1, got 2",
    );
  });

  it("sums single precision in double", () => {
    const x = variable("x", [3], "f32");
    const y = segmentSum(x, constant([0, 0, 0], "i32"), 1);
    expect((evaluate(y, { x: [16777216, 1, 1] }) as Tensor).toArray()).toEqual([16777218]);
  });
});

describe("gather and scatterAdd", () => {
  const indices = constant(
    [
      [1, 0],
      [1, 1],
      [0, 1],
    ],
    "i32",
  );

  it("take one element an index", () => {
    // numpy.take_along_axis
    expect(at(gather(table, indices))).toEqual([
      [2, 1],
      [4, 4],
      [5, 6],
    ]);
    expect(at(gather(table, constant([[2, 0]], "i32"), 0))).toEqual([[5, 2]]);
    expect(() => gather(table, constant([[1]], "i32"))).toThrow(ShapeError);
    expect(() => at(gather(table, constant([[3, 0]], "i32"), 0))).toThrow(
      "gather: indices must lie in 0 … 2, got 3",
    );
  });

  it("add where an index repeats", () => {
    const y = scatterAdd(
      table,
      constant(
        [
          [0, 1],
          [0, 1],
        ],
        "i32",
      ),
      constant([
        [10, 20],
        [30, 40],
      ]),
      0,
    );
    expect(at(y)).toEqual([
      [41, 2],
      [3, 64],
      [5, 6],
    ]);
    expect(() => scatterAdd(table, indices, constant([1]))).toThrow(
      "scatterAdd: updates must have the shape of indices, got [1] and [3, 2]",
    );
  });

  it("differentiate, with named sizes", () => {
    const x = variable("x", ["batch", 3]);
    const labels = variable("labels", ["batch", 1], "i32");
    const point = { x: spread([2, 3]), labels: integers([2, 1], [2, 0]) };
    expectDerivatives(gather(x.square(), labels).exp(), point);
    const u = variable("u", ["batch", 1]);
    expectDerivatives(scatterAdd(x, labels, u.square()).square(), { ...point, u: spread([2, 1]) });
  });
});

describe("oneHot and iota", () => {
  it("count and mark", () => {
    expect(at(iota(4))).toEqual([0, 1, 2, 3]);
    expect(iota("batch").shape).toEqual(["batch"]);
    const labels = variable("labels", ["batch"], "i32");
    const hot = oneHot(labels, 3, "f32");
    expect([hot.shape, hot.dtype]).toEqual([["batch", 3], "f32"]);
    const value = evaluate(hot, { labels: [2, 0] });
    expect((value as Tensor).toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(evaluate(hot.op.lower?.(hot) as Expr, { labels: [2, 0] })).toEqual(value);
    expect(() => evaluate(hot, { labels: [3] })).toThrow(
      "oneHot: indices must lie in 0 … 2, got 3",
    );
    expect(at(oneHot(1, 3))).toEqual([0, 1, 0]);
  });
});

it("keeps selection outside", () => {
  const v = variable("v", [2]);
  const on = variable("on", [2], "bool");
  const y = sum(where(on, take(sqrt(v), constant([1, 0], "i32")), 0));
  const z = sum(where(on, gather(sqrt(v), constant([1, 0], "i32")), 0));
  for (const out of [y, z]) {
    const value = evaluate(grad(out, v), { v: [0, 4], on: [1, 0] }) as Tensor;
    expect(value.toArray()).toEqual([0, 0.25]);
  }
});

it("becomes scalars, by known and by unknown indices", () => {
  const chosen = variable("chosen", [2, 1], "i32");
  const x = variable("x", [2, 2]);
  const values = { x: tensor([2, 2], [1, 2, 3, 4]), chosen: integers([2, 1], [1, 0]) };
  const scalars = { x_1_1: 1, x_1_2: 2, x_2_1: 3, x_2_2: 4, chosen_1_1: 1, chosen_2_1: 0 };
  const y = sum(gather(x, chosen).square());
  const known = take(x, constant([1, 1], "i32"), 1);
  for (const out of [
    gather(x, chosen),
    known,
    take(x, chosen),
    grad(y, x),
    grad(sum(known), x),
    grad(sum(take(x, chosen)), x),
  ]) {
    const elements = scalarize([out]).outputs[0];
    const items = elements && evaluate(elements.items, scalars, { extra: "allow" });
    const value = evaluate(out, values, { extra: "allow" });
    expect(items).toEqual([...(value as Tensor).data]);
  }
});
