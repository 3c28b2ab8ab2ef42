import {
  add,
  constant,
  cos,
  div,
  type Expr,
  exp,
  grad,
  less,
  log,
  logicalAnd,
  logicalNot,
  matmul,
  mul,
  namedConstant,
  neg,
  pow,
  reshape,
  scalar,
  sin,
  sqrt,
  square,
  sub,
  sum,
  toText,
  variable,
  where,
} from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { simplify } from "@chainrule/core/rewrite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomProgram } from "../support/randomProgram.ts";
import { randomScalar } from "../support/randomScalar.ts";

const a = scalar("a");
const b = scalar("b");
const c = scalar("c");
const x = scalar("x");
const X = variable("X", ["batch", 3]);
const W = variable("W", [3, 2]);
const v = variable("v", [3]);

const table: readonly (readonly [Expr, string])[] = [
  [mul(c, add(a, mul(2, b))), "c(a + 2b)"],
  [mul(scalar("w_12"), add(a, b)), "w_12(a + b)"],
  [mul(scalar("rate"), add(a, b)), "rate (a + b)"],
  [mul(2, scalar("e3")), "2 e3"],
  [mul(0, scalar("x1")), "0 x1"],
  [mul(2, scalar("_a")), "2 _a"],
  [mul(2, 3), "2 * 3"],
  [mul(x, 3), "x * 3"],
  [mul(x, pow(2, x)), "x * 2^x"],
  [mul(pow(2, x), log(constant(2))), "2^x log(2)"],
  [mul(pow(x, a), add(a, b)), "x^a (a + b)"],
  [mul(sin(x), add(a, b)), "sin(x)(a + b)"],
  [mul(x, cos(x)), "x cos(x)"],
  [mul(2, sin(x)), "2sin(x)"],
  [mul(add(a, b), add(a, c)), "(a + b)(a + c)"],
  [mul(a, mul(b, c)), "a(b c)"],
  [mul(mul(a, b), c), "a b c"],
  [mul(mul(a, 2), b), "a * 2 * b"],
  [mul(div(a, b), c), "a / b * c"],
  [div(a, mul(b, c)), "a / (b c)"],
  [div(mul(2, a), b), "2a / b"],
  [div(a, div(b, c)), "a / (b / c)"],
  [div(div(a, b), c), "a / b / c"],
  [mul(div(1, 2), x), "1 / 2 * x"],
  [div(1, mul(2, sqrt(x))), "1 / (2sqrt(x))"],
  [sub(a, sub(b, c)), "a - (b - c)"],
  [sub(sub(a, b), c), "a - b - c"],
  [add(a, add(b, c)), "a + (b + c)"],
  [add(a, -2), "a + (-2)"],
  [add(-2, a), "-2 + a"],
  [add(a, neg(b)), "a + (-b)"],
  [neg(pow(x, 2)), "-x^2"],
  [pow(neg(x), 2), "(-x)^2"],
  [pow(-2, 2), "(-2)^2"],
  [neg(pow(2, x)), "-2^x"],
  [neg(constant(2)), "-(2)"],
  [neg(constant(-2)), "-(-2)"],
  [neg(neg(x)), "-(-x)"],
  [mul(neg(x), a), "-x a"],
  [neg(mul(x, a)), "-(x a)"],
  [mul(-2, x), "-2x"],
  [mul(x, -2), "x(-2)"],
  [pow(x, -1), "x^(-1)"],
  [pow(x, div(1, 2)), "x^(1 / 2)"],
  [pow(pow(x, a), b), "(x^a)^b"],
  [pow(x, pow(a, b)), "x^(a^b)"],
  [pow(sin(x), 2), "sin(x)^2"],
  [square(x), "square(x)"],
  [exp(neg(x)), "exp(-x)"],
  [mul(2, namedConstant("pi")), "2pi"],
  [where(less(a, b), x, 0), "where(a < b, x, 0)"],
  [less(less(a, b), c), "(a < b) < c"],
  [logicalNot(logicalAnd(a, b)), "not (a and b)"],
  [constant(-0), "-0"],
  [constant(Number.NaN), "NaN"],
  [constant(Number.NEGATIVE_INFINITY), "-Infinity"],
  [neg(constant(Number.POSITIVE_INFINITY)), "-(Infinity)"],
  [constant(1e21), "1e21"],
  [constant(0.1 + 0.2), "0.30000000000000004"],
  [constant(0.1, "f32"), "0.1"],
  [constant(16777216, "f32"), "16777216"],
  [mul(a, constant([1, 2])), "a * [1, 2]"],
  [scalar("two words"), '"two words"'],
  [scalar("not"), '"not"'],
  [mul(v, v), "v .* v"],
  [mul(2, v), "2v"],
  [div(v, v), "v ./ v"],
  [matmul(X, W), "X W"],
  [matmul(v, W), "v W"],
  [matmul(X, v), "X v"],
  [matmul(v, v), "v v"],
  [sum(v), "sum(v)"],
  [sum(X, 1), "sum(X, [1])"],
];

describe("toText", () => {
  it("is read back as the same node", () => {
    fc.assert(
      fc.property(randomScalar, fc.boolean(), (expr, share) => {
        const text = toText(expr, { share });
        fc.pre(text.length < 10_000);
        const { result } = parse(text, { variables: { a, b, x, y: scalar("y") } });
        expect(result).toBe(expr);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(table.map(([expr, text]) => [text, expr] as const))("%s", (text, expr) => {
    expect(toText(expr)).toBe(text);
  });

  it.each([
    ["scalars", { moves: [] }],
    ["tensors with a named size", { named: true }],
  ] as const)("is read back as the same program of %s", (_name, options) => {
    fc.assert(
      fc.property(randomProgram(options), ({ output, inputs }) => {
        const text = toText(output);
        fc.pre(text.length < 10_000);
        const variables = Object.fromEntries(inputs.map((node) => [toText(node), node]));
        expect(parse(text, { variables }).result).toBe(output);
      }),
      { numRuns: 500 },
    );
  });

  it("writes products of matrices for reading as on paper", () => {
    const { variables, result } = parse("A: [3, 2]; x: [2]; L = sum(A x)");
    const read = (y: Expr): string[] =>
      grad(y, Object.values(variables)).map((g) => toText(simplify(g), { style: "reading" }));
    expect(read(result)).toEqual(["ones(3, 1) xᵀ", "Aᵀ ones(3, 1)"]);
    expect(read(mul(2, result))).toEqual(["2 ones(3, 1) xᵀ", "Aᵀ (2 ones(3, 1))"]);
    const { x } = variables as { readonly x: Expr };
    // Alone, `v = x` would hide what a reshape does.
    const names = new Map([[x, "v"]]);
    expect(toText(reshape(x, [1, 2]), { style: "reading", names })).toBe("reshape(v, [1, 2])");
  });

  it("writes squares as powers for reading", () => {
    expect(toText(add(square(x), square(add(a, b))), { style: "reading" })).toBe("x^2 + (a + b)^2");
  });

  it("names intermediate nodes, but not the output itself", () => {
    const d = mul(2, b);
    const e = add(a, d);
    const L = mul(c, e);
    const names = new Map([
      [d, "d"],
      [e, "e"],
      [L, "L"],
    ]);
    expect(toText([e, L], { names })).toBe("a + d; c e");
    expect(toText(L, { names, share: true })).toBe("d = 2b; e = a + d; c e");
  });

  it("defines shared subterms, apart from names in use", () => {
    const t = add(sin(scalar("t1")), b);
    expect(toText(mul(t, t), { share: true })).toBe("t2 = sin(t1) + b; t2 t2");
  });

  it("rounds numbers on request", () => {
    expect(toText(mul(2 / 3, x), { digits: 3 })).toBe("0.667x");
    expect(() => toText(x, { digits: 0 })).toThrow("toText: digits must be a whole number");
  });

  it("never explodes: a sum doubled 200 times", () => {
    let node: Expr = x;
    for (let i = 0; i < 200; i++) node = add(node, node);
    expect(toText(node).length).toBeLessThan(10_000);
  });

  it("prints a chain of 1,000,000 nodes", () => {
    let node: Expr = x;
    for (let i = 0; i < 1_000_000; i++) node = sin(node);
    expect(toText(node).length).toBe(5_000_001);
  }, 30_000);

  it("prints a gradient with its shared nodes", () => {
    expect(toText(grad(mul(sin(x), exp(x)), x))).toBe("sin(x) exp(x) + exp(x) cos(x)");
  });
});
