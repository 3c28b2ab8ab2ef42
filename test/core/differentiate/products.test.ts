import {
  constant,
  derivative,
  evaluate,
  grad,
  hvp,
  jvp,
  matmul,
  type Scalar,
  ShapeError,
  scalar,
  sum,
  type Tensor,
  topological,
  variable,
  vjp,
} from "@chainrule/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { spread } from "../../support/differences.ts";

const x = scalar("x");
const y = scalar("y");
const v = variable("v", [3]);
const m = variable("m", [3, 3]);
const given = { v: spread([3]), m: spread([3, 3], 3), x: 0.7, y: 1.3 };

describe("vjp and jvp", () => {
  it("are each other's transpose", () => {
    const out = matmul(m, v.sin()).mul(v);
    const seed = variable("seed", [3]);
    const direction = variable("direction", [3]);
    const back = vjp(out, v, seed);
    const forth = jvp(out, v, direction);
    const both = [sum(back.mul(direction)), sum(forth.mul(seed))];
    const values = evaluate(
      both,
      { ...given, seed: spread([3], 5), direction: spread([3], 7) },
      { extra: "allow" },
    );
    const [one, two] = values as number[];
    expect(one).toBeCloseTo(two as number, 12);
  });

  it("take lists and give tuples, and numbers for all elements", () => {
    const [dm, dv] = vjp(matmul(m, v), [m, v], 1);
    const [gm, gv] = grad(sum(matmul(m, v)), [m, v]);
    expect(evaluate([dm, dv], given, { extra: "allow" })).toEqual(
      evaluate([gm, gv], given, { extra: "allow" }),
    );
    expect(evaluate(jvp(x.mul(y), [x, y], [1, 0]), given, { extra: "allow" })).toBe(1.3);
    expectTypeOf(jvp(x.mul(y), x, 1)).toEqualTypeOf<Scalar>();
    expectTypeOf(vjp(x.mul(y), [x, y], 1)).toEqualTypeOf<[Scalar, Scalar]>();
  });

  it("say what does not fit", () => {
    expect(() => vjp(v.sin(), v, variable("s", [2]))).toThrow(
      new ShapeError("vjp: the seed must have shape [3], got [2]"),
    );
    expect(() => vjp(v.sin(), [v], constant(1, "i32"))).toThrow(
      "vjp: the seed must be f64 or f32, got i32[]",
    );
    expect(() => jvp(v.sin(), [v], [1, 2] as never)).toThrow(
      "jvp: there must be one direction a variable (1), got an array of 2",
    );
    expect(() => jvp(v.sin(), v, m)).toThrow("jvp: direction 0 must have shape [3], got [3, 3]");
    expect(() => jvp(v.sin(), v, "one" as never)).toThrow(
      'jvp: direction 0 must be an expression or a number, got "one"',
    );
    expect(() => jvp(v.sin(), 3 as never, 1 as never)).toThrow(
      "jvp: derivatives must be by expressions, got 3",
    );
  });
});

describe("hvp", () => {
  it("is the gradient of the gradient along a direction", () => {
    const f = sum(matmul(m, v.sin()).square());
    const d = variable("d", [3]);
    const direct = hvp(f, v, d);
    const nested = grad(sum(grad(f, v).mul(d)), v);
    const [one, two] = evaluate(
      [direct, nested],
      { ...given, d: spread([3], 9) },
      { extra: "allow" },
    );
    for (const [i, item] of (one as Tensor).data.entries()) {
      expect(item).toBeCloseTo((two as Tensor).data[i] as number, 11);
    }
  });

  it("takes lists, and knows what is disconnected", () => {
    const z = scalar("z");
    const [dx, dy, dz] = hvp(x.square().mul(y), [x, y, z], [1, 0, 1]);
    expect(evaluate([dx, dy], { x: 3, y: 5 })).toEqual([10, 6]);
    expect(topological([dz]).nodes).toHaveLength(1);
    expectTypeOf(dz).toEqualTypeOf<Scalar>();
  });

  it("does not evaluate the function for every x: work grows like that of the gradient", () => {
    const xs = Array.from({ length: 40 }, (_, i) => scalar(`x${i}`));
    let f = constant(1);
    for (const one of xs) f = f.mul(one.sin());
    const gradient = topological([f, ...grad(f, xs)]).nodes.length;
    const product = topological([
      f,
      ...hvp(
        f,
        xs,
        xs.map(() => 1),
      ),
    ]).nodes.length;
    expect(product).toBeLessThan(5 * gradient);
  });
});

describe("derivative", () => {
  it("has any order", () => {
    expect(evaluate(derivative(x.pow(5), x, 3), { x: 2 })).toBe(240);
    expect(derivative(x.sin(), x, 0)).toBe(x.sin());
    expect(evaluate(derivative(x.sin(), x, 4), { x: 2 })).toBeCloseTo(Math.sin(2), 15);
    expect(evaluate(derivative(y, x, 2))).toBe(0);
  });

  it("says what does not fit", () => {
    expect(() => derivative(x, x, -1)).toThrow(
      "derivative: the order must be a whole number ≥ 0, got -1",
    );
    expect(() => derivative(sum(v), v as never)).toThrow(
      "derivative: x must be a scalar, got f64[3]; grad takes any shape",
    );
  });
});
