import {
  ArgumentError,
  diagonal,
  dot,
  type Expr,
  einsum,
  evaluate,
  grad,
  matmul,
  outer,
  ShapeError,
  sum,
  type Tensor,
  trace,
  variable,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { scalarize } from "../../../packages/core/src/scalarize.ts";
import { expectDerivatives, spread, tensor } from "../../support/differences.ts";

const a = variable("a", [2, 3]);
const b = variable("b", [3, 2]);
const given = { a: tensor([2, 3], [1, 2, 3, 4, 5, 6]), b: tensor([3, 2], [1, 0, -1, 2, 3, -2]) };
const at = (y: Expr, values: Record<string, Tensor> = given): unknown => {
  const out = evaluate(y, values, { extra: "allow" });
  return typeof out === "number" ? out : out.toArray();
};
const product = [
  [8, -2],
  [17, -2],
];

describe("matmul", () => {
  it("multiplies matrices, rows and columns", () => {
    expect(at(matmul(a, b))).toEqual(product);
    const v = variable("v", [3]);
    expect(at(matmul(a, v), { ...given, v: tensor([3], [1, 1, 1]) })).toEqual([6, 15]);
    expect(at(matmul(v, v), { v: tensor([3], [1, 2, 3]) })).toBe(14);
    expect(() => matmul(a, a)).toThrow(ShapeError);
  });

  it("wraps integers at 32 bits", () => {
    const n = variable("n", [1, 2], "i32");
    const y = matmul(n, n.transpose());
    // 65537² + 1 = 2³² + 2·65536 + 2
    expect((evaluate(y, { n: [[65537, 1]] }) as Tensor).toArray()).toEqual([[131074]]);
  });

  it("gives no products for an empty leading axis, also where it meets one of length 1", () => {
    const none = variable("none", [0, 1, 2]);
    const one = variable("one", [1, 2, 1]);
    const out = evaluate(matmul(none, one), {
      none: tensor([0, 1, 2], []),
      one: tensor([1, 2, 1], [1, 2]),
    }) as Tensor;
    expect(out.shape).toEqual([0, 1, 1]);
  });

  it("differentiates with broadcast and named leading axes", () => {
    expectDerivatives(matmul(a, b).square(), given);
    const x = variable("x", ["batch", 2, 3]);
    expectDerivatives(matmul(x, b).square(), { x: spread([2, 2, 3]), b: given.b });
  });

  it("becomes scalars", () => {
    const elements = scalarize([matmul(a, b)]).outputs[0];
    expect(elements?.items.map((item) => item.op.name)).toEqual(["add", "add", "add", "add"]);
  });
});

describe("einsum", () => {
  it("says products, sums, diagonals and transposes", () => {
    expect(at(einsum("ij,jk->ik", a, b))).toEqual(product);
    expect(at(einsum("ij,jk", a, b))).toEqual(product);
    expect(at(einsum("ba", a))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(at(einsum("ij->", a))).toBe(21);
    expect(at(einsum(" i j -> j ", a))).toEqual([5, 7, 9]);
    const m = matmul(a, b);
    expect(at(diagonal(m))).toEqual([8, -2]);
    expect(at(trace(m))).toBe(6);
    expect(at(einsum("ij,jk,kl->il", a, b, a))).toEqual([
      [0, 6, 12],
      [9, 24, 39],
    ]); // numpy.einsum with the same text
    expect(at(einsum(",ij->ij", 2, a))).toEqual([
      [2, 4, 6],
      [8, 10, 12],
    ]);
  });

  it("carries named sizes and leading axes", () => {
    const q = variable("q", ["batch", 4, "time", 5]);
    const k = variable("k", ["batch", 4, "time", 5]);
    expect(einsum("bhqd,bhkd->bhqk", q, variable("k", ["batch", 4, "keys", 5])).shape).toEqual([
      "batch",
      4,
      "time",
      "keys",
    ]);
    expect(einsum("...qd,...kd->...qk", q, k).shape).toEqual(["batch", 4, "time", "time"]);
    expect(einsum("...ij,jk->...ik", variable("x", ["b", "t", 2, 3]), b).shape).toEqual([
      "b",
      "t",
      2,
      2,
    ]);
  });

  it("refuses what does not fit", () => {
    expect(() => einsum("ij,jk->ik", a, a)).toThrow(
      'einsum: the axes j of "ij,jk->ik" must have one size, got [2, 3] and [2, 3]',
    );
    expect(() => einsum("ij->i", a, b)).toThrow("must have subscripts for 2 operands, got 1");
    expect(() => einsum("i->i", a)).toThrow("must name every axis of its operand, got [2, 3]");
    expect(() => einsum("ij->k", a)).toThrow("labels of the result must occur before, got k");
    expect(() => einsum("ij->ii", a)).toThrow(ArgumentError);
    expect(() => einsum("i1->i", a)).toThrow(ArgumentError);
    expect(() => einsum("ij->i->j", a)).toThrow(ArgumentError);
  });

  const m = variable("m", [3, 3]);
  const cases: [string, Expr][] = [
    ["matrix product", einsum("ij,jk->ki", a, b)],
    ["three operands", einsum("ij,jk,il->kl", a, b, a)],
    ["a label of one operand alone", einsum("ij,kl->ik", a, b)],
    ["a diagonal", einsum("ii->i", m)],
    ["a diagonal within a product", einsum("ii,ij->j", m, m)],
    ["three equal labels", einsum("iii,i->i", variable("c", [2, 2, 2]), variable("v", [2]))],
    ["batches", einsum("bij,bjk->bik", variable("c", [2, 2, 2]), variable("c", [2, 2, 2]))],
    [
      "many rows and columns",
      einsum("abc,cde->adeb", variable("c", [2, 2, 2]), variable("c", [2, 2, 2])),
    ],
    ["no common label", einsum("i,jk->kij", variable("v", [2]), a)],
  ];
  const point = { ...given, m: spread([3, 3]), c: spread([2, 2, 2]), v: spread([2], 5) };

  it.each(cases)("differentiates and lowers: %s", (_name, y) => {
    expectDerivatives(y, point);
    const lowered = y.op.lower?.(y) as Expr;
    expect([lowered.shape, lowered.dtype]).toEqual([y.shape, y.dtype]);
    const [got, wanted] = evaluate([lowered, y], point, { extra: "allow" });
    for (const [i, item] of (wanted as Tensor).data.entries()) {
      expect((got as Tensor).data[i]).toBeCloseTo(item, 12);
    }
  });

  it("lowers with named sizes, by a product and a sum where sizes cannot be merged", () => {
    const x = variable("x", ["b", "t", 2]);
    const w = variable("w", [2, 3, 2]);
    const values = { x: spread([2, 3, 2]), w: spread([2, 3, 2], 2) };
    for (const y of [
      einsum("btd,dhk->bthk", x, w),
      einsum("btd,bse->ts", x, x),
      einsum("btd,btd->d", x, x),
    ]) {
      const lowered = y.op.lower?.(y) as Expr;
      expect(lowered.shape).toEqual(y.shape);
      const [got, wanted] = evaluate([lowered, y], values, { extra: "allow" });
      for (const [i, item] of (wanted as Tensor).data.entries()) {
        expect((got as Tensor).data[i]).toBeCloseTo(item, 12);
      }
    }
    expectDerivatives(einsum("btd,dhk->bthk", x, w), values);
  });
});

describe("outer and dot", () => {
  const u = variable("u", [2]);
  const v = variable("v", [3]);
  const values = { u: tensor([2], [1, 2]), v: tensor([3], [3, 4, 5]) };

  it("multiply", () => {
    const y = outer(u, v);
    const expected = [
      [3, 4, 5],
      [6, 8, 10],
    ];
    expect(at(y, values)).toEqual(expected);
    expect(at(y.op.lower?.(y) as Expr, values)).toEqual(expected);
    expect(outer(variable("x", ["n"]), a).shape).toEqual(["n", 2, 3]);
    expect(at(dot(v, v), values)).toBe(50);
    expect(dot(variable("x", ["n", 3]), variable("y", ["n", 3])).shape).toEqual(["n"]);
    expect(() => dot(u, v)).toThrow("dot: last axes must have one length, got [2] and [3]");
  });

  it("differentiate", () => {
    expectDerivatives(outer(u.square(), v.exp()), { u: spread([2]), v: spread([3]) });
    expectDerivatives(outer(a, u), { a: given.a, u: spread([2]) });
    expectDerivatives(dot(a.square(), a), given);
    expect(at(grad(sum(outer(u, 2)), u), values)).toEqual([2, 2]);
  });
});
