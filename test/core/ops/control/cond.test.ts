import {
  DTypeError,
  type Expr,
  evaluate,
  grad,
  greater,
  jvp,
  less,
  matmul,
  ShapeError,
  scalar,
  sum,
  topological,
  variable,
} from "@chainrule/core";
import { cond, customDerivative, scan } from "@chainrule/core/control";
import { describe, expect, it } from "vitest";
import { expectDerivatives, spread } from "../../../support/differences.ts";

const x = scalar("x");
const w = scalar("w");
const one = scalar("one");

describe("cond", () => {
  const y = cond(
    greater(x, 1),
    (a) => a.log().mul(w),
    (a) => a.square().add(w.sin()),
    [x],
  );

  it("takes the branch that the predicate chooses", () => {
    expect(evaluate(y, { x: 2, w: 3 })).toBe(3 * Math.log(2));
    expect(evaluate(y, { x: 0.5, w: 3 })).toBe(0.25 + Math.sin(3));
  });

  it("differentiates both branches, to third order", () => {
    expectDerivatives(y, { x: 2, w: 3 }, { order: 3 });
    expectDerivatives(y, { x: 0.4, w: 3 }, { order: 3 });
  });

  it("evaluates one branch only: a loop without end may stand in the other", () => {
    const z = cond(
      less(x, 0),
      (a) => scan((c) => [c.sin(), undefined], a, undefined, { length: 2 ** 40 })[0],
      (a) => a.mul(3),
      [x],
    );
    expect(evaluate([z, grad(z, x)], { x: 5 })).toEqual([15, 3]);
  });

  it("lets no NaN in from the branch not taken, at any order", () => {
    const safe = cond(
      greater(x, 0),
      (a) => a.sqrt().mul(a),
      (a) => a.mul(3),
      [x],
    );
    const first = grad(safe, x);
    expect(evaluate(first, { x: 0 })).toBe(3);
    expect(evaluate(grad(first, x), { x: 0 })).toBe(0);
    expect(evaluate(grad(first, x), { x: 4 })).toBeCloseTo(0.375, 12);
  });

  it("knows what is disconnected", () => {
    const z = cond(
      greater(x, 0),
      (a) => a.mul(2),
      (a) => a.add(1),
      [x],
    );
    expect(topological([grad(z, w)]).nodes).toHaveLength(1);
    expect(evaluate(grad(z, one), { x: 1 }, { extra: "allow" })).toBe(0);
  });

  it("gives several results, of tensors", () => {
    const m = variable("m", [2, 2]);
    const v = variable("v", [2]);
    const [p, q] = cond(
      greater(x, 0),
      (a, b) => [matmul(a, b).sin(), sum(b)],
      (a, b) => [b.mul(b), sum(a)],
      [m, v],
    );
    const given = { m: spread([2, 2]), v: spread([2], 7) };
    expectDerivatives(p.mul(q), { x: 1, ...given });
    expectDerivatives(p.mul(q), { x: -1, ...given });
  });

  it("works inside loops", () => {
    const xs = variable("xs", [6]);
    const [last] = scan(
      (c, u) => [
        cond(
          greater(u, 0),
          (a, b) => a.mul(b).sin(),
          (a, b) => a.add(b).mul(w),
          [c, u],
        ),
        undefined,
      ],
      x,
      xs,
    );
    expectDerivatives(last, { x: 0.5, w: 0.7, xs: spread([6]) });
  });

  it("says what does not fit", () => {
    const v = variable("v", [2]);
    expect(() =>
      cond(
        v,
        () => x,
        () => x,
      ),
    ).toThrow("cond: the predicate must be a scalar, got f64[2]; where selects by element");
    expect(() =>
      cond(
        x,
        () => x,
        () => v,
      ),
    ).toThrow(
      new ShapeError("cond: result 0 of both branches must have one shape, got f64[] and f64[2]"),
    );
    expect(() =>
      cond(
        x,
        () => x,
        () => greater(x, 0),
      ),
    ).toThrow(DTypeError);
    expect(() =>
      cond(
        x,
        () => [x, x],
        () => [x],
      ),
    ).toThrow("cond: both branches must give as many results, got 2 and 1");
  });
});

describe("customDerivative", () => {
  it("uses the rule in reverse mode, and its transpose in forward mode", () => {
    const clipped = customDerivative((a) => a.mul(a), {
      vjp: ([a], _out, adjoint) => [adjoint.mul((a as Expr).sin())],
    });
    const first = grad(clipped(x), x);
    expect(evaluate(first, { x: 2 })).toBe(Math.sin(2));
    expect(evaluate(grad(first, x), { x: 2 })).toBeCloseTo(Math.cos(2), 15);
    expect(evaluate(jvp(clipped(x.mul(3)), [x], [one]), { x: 2, one: 1 })).toBeCloseTo(
      3 * Math.sin(6),
      14,
    );
  });

  it("uses the rule in forward mode, and its transpose in reverse mode", () => {
    const v = variable("v", [3]);
    const m = variable("m", [3, 3]);
    const own = customDerivative((a, b) => matmul(a, b), {
      jvp: ([a, b], _out, [da, db]) =>
        matmul(da as Expr, b as Expr)
          .add(matmul(a as Expr, db as Expr))
          .mul(2),
    });
    const y = sum(own(m, v).sin());
    const plain = sum(matmul(m, v).sin());
    const given = { m: spread([3, 3]), v: spread([3], 3) };
    const [dm, dv] = grad(y, [m, v]);
    const [pm, pv] = grad(plain, [m, v]);
    const ratio = evaluate([dm.div(pm), dv.div(pv)], given);
    for (const { data } of ratio as { data: Float64Array }[]) {
      for (const item of data) expect(item).toBeCloseTo(2, 12);
    }
    const along = jvp(y, [v], [variable("d", [3])]);
    expect(evaluate(along, { ...given, d: [0, 0, 0] })).toBe(0);
  });

  it("may use the result, and leave arguments without an adjoint", () => {
    const exponential = customDerivative((a, b) => a.exp().mul(b), {
      vjp: (_args, out, adjoint) => [adjoint.mul(out), undefined],
    });
    const [dx, dw] = grad(exponential(x, w), [x, w]);
    expect(evaluate(dx, { x: 1, w: 2 })).toBe(2 * Math.E);
    expect(evaluate(dw, {}, { extra: "allow" })).toBe(0);
  });

  it("implicit functions: the root of x² = a", () => {
    const root = customDerivative(
      (a) => scan((y) => [y.add(a.div(y)).mul(0.5), undefined], 1, undefined, { length: 30 })[0],
      { vjp: (_args, out, adjoint) => [adjoint.div(out.mul(2))] },
    );
    const first = grad(root(x), x);
    expect(evaluate(first, { x: 2 })).toBeCloseTo(0.5 / Math.SQRT2, 14);
    expect(evaluate(grad(first, x), { x: 2 })).toBeCloseTo(-0.25 * 2 ** -1.5, 13);
    expect(topological([first]).nodes.filter(({ op }) => op.name === "scan")).toHaveLength(0);
  });

  it("says what is missing or does not fit", () => {
    expect(() => customDerivative((a) => a, {})).toThrow(
      "customDerivative: there must be a vjp or a jvp, got an object {}",
    );
    expect(() =>
      customDerivative((a) => a.mul(w), { jvp: (_args, _out, [t]) => t as Expr })(x),
    ).toThrow(
      "customDerivative: functions must take what they use as arguments, got w from outside",
    );
    expect(() => customDerivative((a) => a, { vjp: () => [] })(x)).toThrow(
      "customDerivative: vjp must give one adjoint an argument (1), got an array of 0",
    );
    expect(() => customDerivative((a) => a, { vjp: () => [variable("v", [2])] })(x)).toThrow(
      "customDerivative: the adjoint of argument 0 must be f64[], got f64[2]",
    );
  });
});
