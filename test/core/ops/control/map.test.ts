import {
  evaluate,
  grad,
  matmul,
  pick,
  ShapeError,
  scalar,
  scalarize,
  stack,
  sum,
  type Tensor,
  topological,
  variable,
} from "@chainrule/core";
import { map, scan } from "@chainrule/core/control";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectDerivatives, spread, tensor } from "../../../support/differences.ts";

const w = scalar("w");

describe("map", () => {
  it("applies a function to every element along an axis", () => {
    const m = variable("m", [2, 3]);
    const given = { m: tensor([2, 3], [1, 2, 3, 4, 5, 6]) };
    const sums = map((row) => sum(row), m);
    expect(sums.shape).toEqual([2]);
    expect((evaluate(sums, given) as Tensor).toArray()).toEqual([6, 15]);
    const columns = map((column) => sum(column), m, { axis: 1 });
    expect((evaluate(columns, given) as Tensor).toArray()).toEqual([5, 7, 9]);
    const back = map((column) => column.mul(2), m, { axis: 1, outAxis: 1 });
    expect((evaluate(back, given) as Tensor).toArray()).toEqual([
      [2, 4, 6],
      [8, 10, 12],
    ]);
  });

  it("takes several, each along its own axis, and gives several", () => {
    const a = variable("a", [2, 3]);
    const b = variable("b", [3, 2]);
    const [products, firsts] = map(([p, q]) => [matmul(p, q), pick(p, 0, 0)], [a, b], {
      axis: [0, 1],
    });
    const given = { a: tensor([2, 3], [1, 2, 3, 4, 5, 6]), b: tensor([3, 2], [1, 0, 0, 1, 1, 1]) };
    expect((evaluate(products, given) as Tensor).toArray()).toEqual([4, 11]);
    expect((evaluate(firsts, given, { extra: "allow" }) as Tensor).toArray()).toEqual([1, 4]);
  });

  it("maps over a named size", () => {
    const x = variable("x", ["batch", 2]);
    const y = map((row) => matmul(row, row).mul(w), x);
    expect(y.shape).toEqual(["batch"]);
    const given = { x: tensor([3, 2], [1, 2, 3, 4, 5, 6]), w: 2 };
    expect((evaluate(y, given) as Tensor).toArray()).toEqual([10, 50, 122]);
    expect(evaluate(grad(sum(y), w), given)).toBe(91);
  });

  it("differentiates to third order, through what it takes from outside too", () => {
    const x = variable("x", [3, 2]);
    const m = variable("m", [2, 2]);
    const y = map((row) => matmul(m, row).mul(w).sin(), x);
    expectDerivatives(y, { x: spread([3, 2]), m: spread([2, 2], 5), w: 0.8 }, { order: 3 });
  });

  it("equals the stacked form", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), (size) => {
        const x = variable("x", [size, 2]);
        const f = (row: ReturnType<typeof pick>) => row.sin().mul(w).add(sum(row));
        const rows = Array.from({ length: size }, (_, i) => f(pick(x, 0, i)));
        const given = { x: spread([size, 2]), w: 0.3 };
        const [mapped, stacked] = [map(f, x), stack(rows)].map((y) => [
          y,
          ...grad(sum(y.mul(y)), [w, x]),
        ]);
        expect(evaluate(mapped ?? [], given)[0]).toEqual(evaluate(stacked ?? [], given)[0]);
        const [, one] = evaluate(mapped ?? [], given) as number[];
        const [, two] = evaluate(stacked ?? [], given) as number[];
        expect(one).toBeCloseTo(two as number, 12);
      }),
      { numRuns: 10 },
    );
  });

  it("holds loops, and loops hold it", () => {
    const x = variable("x", [2, 3]);
    const y = map((row) => scan((c, u) => [c.mul(w).add(u).sin(), undefined], 0, row)[0], x);
    expectDerivatives(y, { x: spread([2, 3]), w: 0.5 });
    const [z] = scan((c, row) => [map((u) => u.mul(c).sin(), row).sum(), undefined], w, x);
    expectDerivatives(z, { x: spread([2, 3]), w: 0.5 });
  });

  it("is one node for equal bodies, and disconnected where nothing depends", () => {
    const x = variable("x", [2, 3]);
    expect(map((row) => sum(row), x)).toBe(map((part) => sum(part), x));
    const [, constant] = map((row) => [sum(row), row.mul(0).add(1)], x);
    expect(constant?.shape).toEqual([2, 3]);
    const y = sum(map((row) => sum(row), x));
    expect(topological([grad(y, w)]).nodes).toHaveLength(1);
  });

  it("scalarizes", () => {
    const x = variable("x", [2]);
    const { outputs } = scalarize([map((u) => u.square().add(w), x)]);
    const items = outputs[0]?.items ?? [];
    expect(evaluate(items, { x_1: 2, x_2: 3, w: 1 }, { extra: "allow" })).toEqual([5, 10]);
  });

  it("says what does not fit", () => {
    const a = variable("a", [2]);
    expect(() => map(([p, q]) => p.add(q), [a, variable("b", [3])])).toThrow(
      new ShapeError(
        "map: the axis mapped over must have one length for all, got 2 and that of [3]",
      ),
    );
    expect(() => map((p) => p, a, { axis: 1 })).toThrow("map: axis must lie in -1 … 0, got 1");
    expect(() => map((p) => p, [])).toThrow("map: there must be something to map over, got none");
    expect(() => map(() => undefined as never, a)).toThrow(
      "map: the function must give expressions",
    );
  });
});
