import {
  type Expr,
  evaluate,
  exp,
  matmul,
  namedConstant,
  pow,
  rewrite,
  scalar,
  sigmoid,
  sub,
  transpose,
  variable,
  withArgs,
} from "@chainrule/core";
import { abstract } from "@chainrule/core/control";
import { parse } from "@chainrule/core/parse";
import { equivalent } from "@chainrule/core/rewrite";
import { fromLatex } from "@chainrule/interop/latex";
import { toLatex } from "@chainrule/render";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomScalar } from "../../support/randomScalar.ts";

/** The text that a formula means, by value at random points. */
async function means(latex: string, text: string, functions: readonly string[] = []) {
  const program = await fromLatex(latex, { functions });
  const expected = parse(text, { functions });
  const same = equivalent(program.result, expected.result);
  expect([latex, same.equivalent]).toEqual([latex, true]);
}

/** `e^x` as `exp x`, which rounds in another way: a sine of large numbers makes much of that. */
function withExp(expr: Expr): Expr {
  const [out] = rewrite([expr], (node, args) => {
    const [base, exponent] = args as readonly [Expr, Expr];
    const isPower = node.op === pow.op && base === namedConstant("e");
    return isPower ? exp(exponent) : withArgs(node, args);
  });
  return out as Expr;
}

describe("fromLatex", () => {
  it.each([
    ["L = c(a + 2b)", "c*(a + 2*b)"],
    ["d = 2b \\\\ e = a + d \\\\ L = c e", "c*(a + 2*b)"],
    ["\\begin{align*} d &= 2b, \\\\ e &= a + d, \\\\ L &= c\\,e. \\end{align*}", "c*(a + 2*b)"],
    ["\\[ d = 2b, \\quad e = a + d, \\quad L = c e \\]", "c*(a + 2*b)"],
    ["g(z) = \\frac{1}{1 + e^{-z}}; y = g(x)", "1/(1 + exp(-x))"],
    ["\\sigma(w_1 x + b_1)", "sigmoid(w_1*x + b_1)"],
    ["2\\sigma(2x) - 1", "2*sigmoid(2*x) - 1"],
    [
      "\\frac{1}{3}\\sum_{i=1}^{3} (y_i - \\hat{y}_i)^2",
      "((y_1 - y_hat_1)^2 + (y_2 - y_hat_2)^2 + (y_3 - y_hat_3)^2)/3",
    ],
    ["-\\frac12\\sum_{i=1}^{2} y_i \\log \\hat y_i", "-(y_1*ln(y_hat_1) + y_2*ln(y_hat_2))/2"],
    [
      "\\sum_{i=1}^2\\sum_{j=1}^2 w_{ij} x_j + i",
      "w_1_1*x_1 + w_1_2*x_2 + w_2_1*x_1 + w_2_2*x_2 + i",
    ],
    ["\\mathit{sum}_{h1} = i_1 w_1 + i_2 w_3 + b_1", "i_1*w_1 + i_2*w_3 + b_1"],
    ["\\mathrm{out}_{o1} = \\sigma(\\mathit{sum}_{o1})", "sigmoid(sum_o1)"],
    ["E = \\frac{1}{2}(\\text{target} - \\text{out})^2", "(target - out)^2/2"],
    ["w_5^{2} - 0.6\\cdot\\delta_{1}\\gamma", "w_5^2 - 0.6*δ_1*γ"],
    ["\\max(0, x) + \\operatorname{ReLU}(y)", "max(0, x) + relu(y)"],
    [
      "\\begin{cases} x & \\text{if } x \\geq 0 \\\\ \\alpha x & \\text{otherwise}\\end{cases}",
      "where(x >= 0, x, α*x)",
    ],
    ["\\sin^2 x + \\cos^{2}(x)", "1 + 0*x"],
    ["\\operatorname{softplus}^{2}(x)", "softplus(x)^2"],
    ["\\log_2 x + \\log_{10} y + \\ln z", "log2(x) + log10(y) + ln(z)"],
    ["\\sqrt[3]{x} + \\left|y\\right| + \\lfloor z\\rfloor", "cbrt(x) + abs(y) + floor(z)"],
    ["1.5\\times 10^{-3} x", "0.0015*x"],
    ["a \\;+\\; b % a comment with = and \\foo\n + c", "a + b + c"],
    ["\\begin{aligned} y ={}& a + b \\\\ & - c \\end{aligned}", "a + b - c"],
    ["\\mu + \\sigma \\epsilon + \\sigma(0)", "μ + sigma*epsilon + 0.5"],
    ["\\phi(z) = z^2; y = \\phi(x) + 1", "x^2 + 1"],
    ["g(a, b) = a^2 b; y = g(x, 3)", "3*x^2"],
    ["y = a \\left( b \\right. \\\\ \\left. {}+ c \\right) \\\\ \\times 2", "a*(b + c)*2"],
    ["\\text{with } y = a + b, \\quad \\text{(a sum)}", "a + b"],
    ["-x^2 - (-2)(1)(2)", "-(x^2) + 4"],
    ["c(a+b)^2", "c*(a+b)^2"],
    ["[a + b] c", "(a+b)*c"],
    ["\\pi r^2", "pi*r^2"],
  ])("%s", async (latex, text) => {
    await means(latex, text);
  });

  it("reads the lecture's network, number by number", async () => {
    const program = await fromLatex(String.raw`\begin{align}
      \mathit{sum}_{h1} &= i_1 w_1 + i_2 w_3 + b_1 & \\
      \mathit{sum}_{h2} &= i_1 w_2 + i_2 w_4 + b_1 \\
      h_1 &= \sigma(\mathit{sum}_{h1}), \quad h_2 = \sigma(\mathit{sum}_{h2}) \\
      o_1 &= \sigma(h_1 w_5 + h_2 w_6 + b_2) \\
      o_2 &= \sigma(h_1 w_7 + h_2 w_8 + b_2) \\
      E &= \frac12 (0.05 - o_1)^2 + \tfrac{1}{2} \left(0.95 - o_2\right)^2
    \end{align}`);
    const weights = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`w_${n}`, n / 10]));
    const at = { ...weights, i_1: 0.1, i_2: 0.5, b_1: 0.25, b_2: 0.35 };
    // The lecture's E at full precision.
    expect(evaluate(program.result, at)).toBeCloseTo(0.24908954146037615, 14);
    expect(Object.keys(program.definitions)).toEqual([
      "sum_h1",
      "sum_h2",
      "h_1",
      "h_2",
      "o_1",
      "o_2",
      "E",
    ]);
  });

  it("takes functions without a body, and nodes for names", async () => {
    const chain = await fromLatex("u(v(w(x)))", { functions: ["u", "v", "w"] });
    const [u, v, w] = ["u", "v", "w"].map((name) => abstract(name)) as unknown as readonly [
      Fn,
      Fn,
      Fn,
    ];
    expect(chain.result).toBe(u(v(w(scalar("x")))));
    const [X, W, t] = [variable("X", [4, 3]), variable("W", [3, 2]), variable("t", [4, 2])];
    const { result } = await fromLatex("X^{\\top}(\\sigma(X W) - t)", { variables: { X, W, t } });
    expect(result).toBe(matmul(transpose(X), sub(sigmoid(matmul(X, W)), t)));
  });

  it("reads matrices and vectors", async () => {
    const { result } = await fromLatex(
      "\\begin{pmatrix}1 & 2\\\\ 3 & 4\\end{pmatrix}\\begin{pmatrix}5\\\\6\\end{pmatrix}",
    );
    expect(evaluate(result)).toMatchObject({ shape: [2], data: new Float64Array([17, 39]) });
  });

  it("calls a function behind a sign", async () => {
    for (const [latex, text] of [
      ["-\\sigma(0) + 0.5", "0.5 - σ(0)"],
      ["a - -\\sigma(x)^2", "a + σ(x)^2"],
      ["-f(x) g(y)", "-(f(x) * g(y))"],
      ["-\\sin^2(x)", "-(sin(x))^2"],
      ["-\\sigma'(2x)^2", "-(σ(2x)(1 - σ(2x)))^2"],
      ["\\tanh''(x) y", "-2 tanh(x) (1 - tanh(x)^2) y"],
      ["\\sum_{i=1}^{2} \\operatorname{softplus}'(x_i)", "σ(x_1) + σ(x_2)"],
    ] as const) {
      const { result } = await fromLatex(latex, { functions: ["f", "g"] });
      const { result: wanted } = parse(text, { functions: ["f", "g"] });
      expect([latex, equivalent(result, wanted).equivalent]).toEqual([latex, true]);
    }
  });

  it("reads what toLatex writes", async () => {
    await fc.assert(
      fc.asyncProperty(randomScalar, async (expr) => {
        const { result } = await fromLatex(toLatex(expr));
        const { equivalent: same, by } = equivalent(withExp(result), expr);
        // Some are not finite anywhere.
        const fits = same || by === "undecided";
        expect([toLatex(expr), fits]).toEqual([toLatex(expr), true]);
      }),
      { numRuns: 200 },
    );
  });

  it("reads a sum of 5,000 terms", async () => {
    const { result } = await fromLatex(
      Array.from({ length: 5000 }, (_, i) => `a_{${i}}`).join(" + "),
    );
    expect(
      evaluate(result, Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`a_${i}`, 1]))),
    ).toBe(5000);
  });
});

type Fn = (x: Expr) => Expr;

describe("what cannot be read", () => {
  it.each([
    ["a + \\foo{x}", 5, /command must have a meaning.*\\foo/],
    ["y = a +", 7, /complete/],
    ["x = (a + b", 5, /closed/],
    ["x = a) + b", 6, /opened/],
    ["\\frac{a}{", 9, /closed/],
    ["y = \\int_0^1 x", 5, /meaning/],
    ["y = x!", 5, /meaning/],
    ["a = 1{,}5", 6, /point/],
    ["y = sin(x)", 5, /\\sin/],
    ["y = 2\\operatorname{sinn}(x)", 6, /sin/],
    ["y = \\sum_{i} x_i", 5, /whole numbers/],
    ["y = \\sum_{i=1}^{9999} x_i", 5, /1000 terms, got "9999"/],
    ["L = 2\\frac{\\partial L}{\\partial b}", 6, /claim/],
    ["\\frac{\\partial L}{\\partial b} = 2c", 1, /claim/],
    ["\\frac{\\partial^2 L}{\\partial b^2} = 2c", 1, /claim ∂²L\/∂b²/],
    ["x = 2 + \\frac{d^2 y}{dx\\,dz}", 9, /got ∂²y\/∂x∂z inside of a formula/],
    ["f'(1) = 2c", 1, /left of "="/],
    ["\\nabla f = (2, 3)", 1, /claim ∇f/],
    ["f|_{x=1} = 2c", 1, /claim at a point/],
    ["a + b = c", 1, /left of "="/],
    ["a = b = c", 1, /one "="/],
    ["", 1, /there must be a formula/],
    ["  \\[ \\]", 1, /there must be a formula/],
    ["x_", 3, /index/],
    ["x_{}", 4, /index/],
    ["\\text{no name!}", 7, /name/],
  ])("%j at column %i", async (latex, column, message) => {
    await expect(fromLatex(latex)).rejects.toMatchObject({ name: "ParseError", column });
    await expect(fromLatex(latex)).rejects.toThrow(message);
  });

  it("tells line and column in longer texts", async () => {
    await expect(fromLatex("a = 2b \\\\\nL = c + \\bar")).rejects.toMatchObject({ line: 2 });
  });

  it("refuses what is nested too deep, or grows too long", async () => {
    const nested = `${"\\sigma'(".repeat(40)}x${")".repeat(40)}`;
    await expect(fromLatex(nested)).rejects.toThrow(/at most 1048576 letters/);
    await expect(fromLatex(`${"(".repeat(300)}x${")".repeat(300)}`)).rejects.toThrow(/200 deep/);
  });
});
