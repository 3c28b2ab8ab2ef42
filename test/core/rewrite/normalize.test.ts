import {
  abs,
  add,
  broadcastTo,
  constant,
  cos,
  div,
  type Expr,
  erf,
  evaluate,
  exp,
  grad,
  isFloat,
  log,
  mul,
  namedConstant,
  neg,
  pow,
  scalar,
  sigmoid,
  softmax,
  square,
  sub,
  sum,
  take,
  topological,
  toText,
  variable,
  where,
} from "@chainrule/core";
import { normalize } from "@chainrule/core/rewrite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elementsOf } from "../../support/points.ts";
import { randomProgram } from "../../support/randomProgram.ts";
import { names, randomScalar, variables } from "../../support/randomScalar.ts";

const x = scalar("x");
const y = scalar("y");
const c = scalar("c");
const v = variable("v", ["n"]);
const X = variable("X", [2, 3]);
const single = scalar("s", "f32");

const exact: readonly (readonly [Expr, string])[] = [
  [neg(neg(x)), "x"],
  [mul(1, x), "x"],
  [mul(x, -1), "-x"],
  [div(x, 1), "x"],
  [sub(x, 0), "x"],
  [add(x, -0), "x"],
  [add(neg(x), y), "y - x"],
  [sub(x, neg(y)), "x + y"],
  [mul(neg(x), neg(y)), "x y"],
  [div(neg(x), neg(y)), "x / y"],
  [mul(x, x), "square(x)"],
  [pow(x, 2), "square(x)"],
  [pow(x, 1), "x"],
  [pow(x, -1), "1 / x"],
  [pow(exp(x), 0.5), "sqrt(exp(x))"],
  [div(x, 8), "0.125x"],
  [div(x, -0.25), "-4x"],
  [square(neg(x)), "square(x)"],
  [square(abs(x)), "square(x)"],
  [abs(neg(x)), "abs(x)"],
  [abs(exp(x)), "exp(x)"],
  [cos(neg(x)), "cos(x)"],
  [where(c, x, x), "x"],
  [where(constant(1, "bool"), x, y), "x"],
  [add(mul(2, 3), x), "6 + x"],
  [mul(2, namedConstant("pi")), "6.283185307179586"],
  [log(constant(0)), "-Infinity"],
  [sub(mul(x, y), mul(y, x)), "x y - x y"],
  [add(single, sub(single, 0)), "s + s"],
];

/** What changes a value for some number, were it done. */
const kept: readonly Expr[] = [
  add(x, 0), // −0
  mul(x, 0), // −0, NaN, ∞
  sub(x, x), // NaN, ∞
  div(x, 3), // rounds twice
  div(x, 2 ** -1074), // 1/c is ∞
  pow(x, 0.5), // −0, −∞
  pow(x, 3), // rounds otherwise
  sub(0, x), // 0 − 0 is +0, −0 is not
  sub(single, constant(0)), // widens to f64
  take(constant([1, 2]), constant(5, "i32")), // fails when it is run
];

const stable: readonly (readonly [Expr, string])[] = [
  [log(add(1, x)), "log1p(x)"],
  [log(add(x, 1)), "log1p(x)"],
  [log(sub(1, x)), "log1p(-x)"],
  [sub(exp(x), 1), "expm1(x)"],
  [add(exp(x), -1), "expm1(x)"],
  [log(add(1, exp(x))), "softplus(x)"],
  [log(add(exp(x), 1)), "softplus(x)"],
  [log(sigmoid(x)), "logSigmoid(x)"],
  [div(1, add(1, exp(neg(x)))), "sigmoid(x)"],
  [sub(1, sigmoid(x)), "sigmoid(-x)"],
  [sub(1, erf(x)), "erfc(x)"],
  [log(sum(exp(v))), "logSumExp(v)"],
  [log(sum(exp(X), 1)), "logSumExp(X, [1])"],
  [div(exp(v), sum(exp(v))), "softmax(v)"],
  [div(exp(X), sum(exp(X), 1, { keepDims: true })), "softmax(X, [1])"],
  [log(softmax(X)), "logSoftmax(X, [1])"],
];

describe("normalize", () => {
  it.each(exact.map(([expr, text]) => [toText(expr), text, expr] as const))(
    "%s is %s",
    (_before, text, expr) => {
      expect(toText(normalize(expr, { stable: false }))).toBe(text);
      expect(toText(normalize(expr))).toBe(text);
    },
  );

  it.each(kept.map((expr) => [toText(expr), expr] as const))("%s stays", (_text, expr) => {
    expect(normalize(expr)).toBe(expr);
  });

  it.each(stable.map(([expr, text]) => [toText(expr), text, expr] as const))(
    "%s is %s",
    (_before, text, expr) => {
      expect(toText(normalize(expr))).toBe(text);
      expect(normalize(expr, { stable: false })).toBe(expr);
    },
  );

  it("does not take a misaligned sum for a softmax", () => {
    const square3 = variable("A", [3, 3]);
    const rows = div(exp(square3), sum(exp(square3), 1));
    expect(normalize(rows)).toBe(rows);
  });

  it("makes one node of a + b and b + a", () => {
    const [first, second] = normalize([add(x, y), add(y, x)]);
    expect(first).toBe(second);
  });

  it("leaves large constants short", () => {
    const large = add(broadcastTo(constant(1), [1000]), broadcastTo(constant(2), [1000]));
    expect(topological([normalize(large)]).nodes.length).toBeLessThan(6);
    expect(normalize(large).attributes["value"]).toBeUndefined();
  });

  it("improves what cancels and what overflows", () => {
    expect(evaluate(normalize(log(add(1, x))), { x: 1e-20 })).toBe(1e-20);
    expect(evaluate(normalize(sub(exp(x), 1)), { x: 1e-20 })).toBe(1e-20);
    expect(evaluate(normalize(log(add(1, exp(x)))), { x: 1000 })).toBe(1000);
    expect(evaluate(normalize(log(sum(exp(v)))), { v: [1000, 1000] })).toBe(1000 + Math.LN2);
  });

  const delicate = [0, -0, 1, -1, 2, 0.5, 1e-300, 1e300, 5e-324, Infinity, -Infinity, NaN];

  it("keeps every bit of every value without the stable forms", () => {
    const value = fc.oneof(fc.constantFrom(...delicate), fc.double());
    fc.assert(
      fc.property(randomScalar, fc.array(value, { minLength: 4, maxLength: 4 }), (expr, point) => {
        const bindings = new Map(variables.map((node, i) => [node, point[i] as number]));
        const all = [expr, normalize(expr, { stable: false }), ...variables];
        const [before, after] = evaluate(all, bindings);
        expect(after).toBe(before);
      }),
      { numRuns: 2000 },
    );
    expect(names.length).toBe(variables.length);
  });

  it.each([
    ["scalars", { moves: [], size: 14 }],
    ["tensors with a named size", { named: true, size: 14 }],
    ["single precision", { dtype: "f32", size: 14 }],
  ] as const)("keeps every bit of programs of %s and their gradients", (_name, options) => {
    fc.assert(
      fc.property(randomProgram(options), ({ output, inputs, values }) => {
        const loss = output.shape.length === 0 ? output : sum(output);
        const exprs = isFloat(loss.dtype) ? [output, ...grad(loss, inputs)] : [output];
        const normal = normalize(exprs, { stable: false });
        const before = evaluate(exprs, values, { extra: "allow" });
        const after = evaluate(normal, values, { extra: "allow" });
        expect(after.map(elementsOf)).toEqual(before.map(elementsOf));
      }),
      { numRuns: 200 },
    );
  });

  it("keeps values to rounding with them", () => {
    fc.assert(
      fc.property(randomProgram({ size: 14 }), ({ output, values }) => {
        const before = elementsOf(evaluate(output, values));
        const after = elementsOf(evaluate(normalize(output), values, { extra: "allow" }));
        fc.pre(before.every((item) => Math.abs(item) < 1e6));
        before.forEach((item, i) => {
          const error = Math.abs((after[i] as number) - item);
          expect(error).toBeLessThan(1e-9 * Math.max(1, Math.abs(item)));
        });
      }),
      { numRuns: 200 },
    );
  });

  it("normalizes a chain of 100,000 nodes", () => {
    let chain: Expr = x;
    for (let i = 0; i < 100_000; i++) chain = i % 2 === 0 ? mul(1, chain) : cos(chain);
    expect(topological([normalize(chain)]).nodes.length).toBe(50_001);
    expect(() => normalize("x" as never)).toThrow("normalize: there must be expressions");
  }, 30_000);
});
