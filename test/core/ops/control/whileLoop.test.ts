import {
  constant,
  DTypeError,
  type Expr,
  evaluate,
  grad,
  greater,
  jvp,
  less,
  logicalAnd,
  matmul,
  scalar,
  sum,
  topological,
  variable,
} from "@chainrule/core";
import { whileLoop } from "@chainrule/core/control";
import { describe, expect, it } from "vitest";
import { expectDerivatives, spread } from "../../../support/differences.ts";

const a = scalar("a");
const x = scalar("x");

/** Newton's iteration for √a, until the step is small. */
function root(options?: { maxTrips?: number }): Expr {
  const [y] = whileLoop(
    ([, error]) => greater(error.mul(error), 1e-24),
    ([y]) => {
      const next = y.add(a.div(y)).mul(0.5);
      return [next, next.sub(y)];
    },
    [x, constant(1)],
    options,
  );
  return y;
}

describe("whileLoop", () => {
  it("runs while the condition holds", () => {
    expect(evaluate(root(), { a: 2, x: 1 })).toBeCloseTo(Math.SQRT2, 15);
    const doubled = whileLoop(
      (c) => less(c, 100),
      (c) => c.mul(2),
      x,
    );
    expect(evaluate(doubled, { x: 3 })).toBe(192);
    expect(evaluate(doubled, { x: 100 })).toBe(100);
  });

  it("ends after maxTrips", () => {
    const bounded = whileLoop(
      (c) => less(c, 100),
      (c) => c.mul(2),
      x,
      { maxTrips: 3 },
    );
    expect(evaluate(bounded, { x: 3 })).toBe(24);
    const never = whileLoop(
      (c) => less(c, 100),
      (c) => c.mul(2),
      x,
      { maxTrips: 0 },
    );
    expect(evaluate(never, { x: 3 })).toBe(3);
    expect(evaluate(grad(never, x), { x: 3 }, { extra: "allow" })).toBe(1);
  });

  it("differentiates forward, to any order, without maxTrips", () => {
    const one = jvp(root(), [a], [constant(1)]);
    const two = jvp(one, [a], [constant(1)]);
    expect(evaluate(one, { a: 2, x: 1 })).toBeCloseTo(0.5 / Math.SQRT2, 13);
    expect(evaluate(two, { a: 2, x: 1 })).toBeCloseTo(-0.25 * 2 ** -1.5, 12);
  });

  it("says what reverse mode needs", () => {
    expect(() => grad(root(), a)).toThrow(
      "whileLoop: reverse mode must know the most trips it may make, got no maxTrips",
    );
  });

  it("differentiates in reverse with maxTrips, to any order", () => {
    const y = root({ maxTrips: 50 });
    const one = grad(y, a);
    expect(evaluate(one, { a: 2, x: 1 })).toBeCloseTo(0.5 / Math.SQRT2, 13);
    expect(evaluate(grad(one, a), { a: 2, x: 1 })).toBeCloseTo(-0.25 * 2 ** -1.5, 12);
    const third = grad(grad(one, a), a);
    expect(evaluate(third, { a: 2, x: 1 })).toBeCloseTo(0.375 * 2 ** -2.5, 11);
    const along = jvp(one, [a], [constant(1)]);
    expect(evaluate(along, { a: 2, x: 1 })).toBeCloseTo(-0.25 * 2 ** -1.5, 12);
  });

  it("agrees with differences, with tensors carried and counters beside", () => {
    const m = variable("m", [2, 2]);
    const v = variable("v", [2]);
    const [last] = whileLoop(
      ([s, k]) => logicalAnd(less(k, 3), less(sum(s.mul(s)), 1e6)),
      ([s, k]) => [matmul(m, s).sin(), k.add(1)],
      [v, constant(0, "i32")],
      { maxTrips: 9 },
    );
    expectDerivatives(last, { m: spread([2, 2]), v: spread([2], 3) }, { order: 2 });
  });

  it("equals its unrolled form, first and second derivatives", () => {
    const looped = whileLoop(
      (c) => less(c, 50),
      (c) => c.mul(x).add(c.sin()),
      a,
      { maxTrips: 20 },
    );
    let flat: Expr = a;
    for (let i = 0; i < 5; i++) flat = flat.mul(x).add(flat.sin());
    const derivatives = (y: Expr): readonly Expr[] => {
      const [da, dx] = grad(y, [a, x]);
      return [y, da, dx, ...grad(dx, [a, x])];
    };
    const given = { a: 2, x: 2 };
    const rolled = evaluate(derivatives(looped), given) as number[];
    const unrolled = evaluate(derivatives(flat), given) as number[];
    expect(rolled[0]).toBeGreaterThanOrEqual(50);
    for (const [i, value] of rolled.entries()) {
      expect(value / (unrolled[i] as number)).toBeCloseTo(1, 12);
    }
  });

  it("makes its trips once: reverse mode reads the states of the loop that ran", () => {
    const y = root({ maxTrips: 50 });
    const loops = topological([y, grad(y, a)]).nodes.filter(({ op }) => op.name === "whileLoop");
    expect(loops).toHaveLength(1);
  });

  it("runs 100,000 trips", () => {
    const [k, total] = whileLoop(
      ([k]) => less(k, 100_000),
      ([k, s]) => [k.add(1), s.mul(0.9999).add(x)],
      [constant(0, "i32"), constant(0)],
      { maxTrips: 100_000 },
    );
    const slope = evaluate(grad(total, x), { x: 1 }, { extra: "allow" });
    expect(slope).toBeCloseTo((1 - 0.9999 ** 100_000) / (1 - 0.9999), 6);
    expect(evaluate(k, { x: 1 })).toBe(100_000);
  });

  it("says what does not fit", () => {
    expect(() =>
      whileLoop(
        (c) => less(c, variable("v", [2])),
        (c) => c,
        x,
      ),
    ).toThrow("whileLoop: the condition must be a scalar, got bool[2]");
    expect(() =>
      whileLoop(
        (c) => less(c, 2),
        (c) => c.mul(x),
        constant(0, "i32"),
      ),
    ).toThrow(DTypeError);
    expect(() =>
      whileLoop(
        (c) => less(c, 2),
        (c) => c,
        x,
        { maxTrips: -1 },
      ),
    ).toThrow("whileLoop: maxTrips must be a whole number ≥ 0, got -1");
    expect(() => whileLoop(3 as never, (c) => c, x)).toThrow(
      "whileLoop: the condition must be a function, got 3",
    );
  });
});
