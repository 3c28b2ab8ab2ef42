import {
  add,
  broadcastTo,
  div,
  type Expr,
  einsum,
  evaluate,
  exp,
  grad,
  matmul,
  mean,
  mul,
  neg,
  norm,
  parameter,
  pow,
  reshape,
  scalar,
  sigmoid,
  sin,
  softmax,
  square,
  sub,
  sum,
  topological,
  transpose,
  variable,
  withArgs,
} from "@chainrule/core";
import { conv2d } from "@chainrule/core/conv";
import { parse } from "@chainrule/core/parse";
import { latexParts, nameLatex, numberLatex, toLatex, toMathml } from "@chainrule/render";
import { ComputeEngine } from "@cortex-js/compute-engine";
import fc from "fast-check";
import katex from "katex";
import { describe, expect, it } from "vitest";
import { randomProgram } from "../support/randomProgram.ts";
import { names, randomPoint, randomScalar } from "../support/randomScalar.ts";
import { hostileNames } from "./hostileNames.ts";

/** Throws for all that KaTeX does not know, or only tolerates. */
function setsInKatex(latex: string): void {
  katex.renderToString(latex, { strict: "error", throwOnError: true, maxExpand: 100_000 });
}

describe("toLatex of texts", () => {
  it.each([
    ["c(a + 2b)", "c(a + 2b)"],
    ["2*3^2", "2\\cdot 3^{2}"],
    ["-2x - 6", "-2x - 6"],
    ["a - (b - c)", "a - (b - c)"],
    ["a - (b + c)", "a - (b + c)"],
    ["a + -2x", "a - 2x"],
    ["(a + b)(a - b)", "(a + b)(a - b)"],
    ["(a + b) / (a - b)", "\\frac{a + b}{a - b}"],
    ["((a + b) / c)^2", "\\left(\\frac{a + b}{c}\\right)^{2}"],
    ["sin(x)^2", "\\sin^{2}(x)"],
    ["sin(x^2)", "\\sin(x^{2})"],
    ["e^(-x/2)", "e^{-x/2}"],
    ["x^(1/2)", "x^{1/2}"],
    ["(-x)^2", "(-x)^{2}"],
    ["-x^2", "-x^{2}"],
    ["a^-b", "a^{-b}"],
    ["2(1/2)", "2\\cdot \\frac{1}{2}"],
    ["x * -2", "x(-2)"],
    ["w1 + w_1 + x_{12}", "w_{1} + w_{1} + x_{12}"],
    ["sum_h1 + alpha", "\\mathit{sum}_{h1} + \\alpha"],
    ["rate x", "\\mathit{rate}\\,x"],
    ["1.5e-9 x", "1.5\\times 10^{-9}x"],
    ["sqrt(x) / |x|", "\\frac{\\sqrt{x}}{|x|}"],
  ])("%s", (text, latex) => {
    expect(toLatex(parse(text).result)).toBe(latex);
    setsInKatex(latex);
  });

  it("writes matrices, norms, sums with axes, softmax, einsum, convolution", () => {
    const [X, W, y] = [variable("X", [4, 3]), variable("W", [3, 2]), variable("y", [4, 2])];
    const cases: readonly (readonly [Expr, string])[] = [
      [matmul(transpose(X), sub(sigmoid(matmul(X, W)), y)), "X^{\\top}(\\sigma(X W) - y)"],
      [mul(y, sigmoid(y)), "y \\odot \\sigma(y)"],
      [norm(X), "\\lVert X\\rVert"],
      [sum(X), "\\sum X"],
      [sum(X, 1), "\\sum_{1} X"],
      [mean(X, 1, { keepDims: true }), "\\operatorname{mean}_{1}(X)"],
      [mean(X), "\\operatorname{mean}(X)"],
      [softmax(X), "\\operatorname{softmax}(X)"],
      [softmax(X, 0), "\\operatorname{softmax}_{0}(X)"],
      [einsum("ij,jk->ik", X, W), "\\operatorname{einsum}_{ij,jk\\to ik}(X, W)"],
      [matmul(variable("a", [3]), variable("b", [3])), "a^{\\top}\\,b"],
      [matmul(X, variable("b", [3])), "X b"],
    ];
    for (const [expr, latex] of cases) {
      expect(toLatex(expr)).toBe(latex);
      setsInKatex(latex);
    }
    const image = variable("x", [1, 1, 4, 4]);
    setsInKatex(toLatex(conv2d(image, variable("k", [1, 1, 2, 2]))));
  });
});

describe("toLatex", () => {
  it("writes a factor of ones as such, since 1 alone would leave its neighbour as it is", () => {
    const ones = broadcastTo(1, [3, 1]);
    const row = reshape(variable("x", [2]), [1, 2]);
    expect(toLatex(matmul(ones, row))).toBe("\\mathbf{1}\\,x^{\\top}");
    setsInKatex(toLatex(matmul(broadcastTo(parse("a + b").result, [3, 1]), row)));
  });

  it("names shared subterms, so that 200 doublings take 200 lines", () => {
    let b: Expr = scalar("a");
    for (let i = 0; i < 200; i++) b = add(b, b);
    const latex = toLatex(b);
    expect(latex.length).toBeLessThan(20_000);
    expect(latex).toContain("\\text{where } \\delta_{1} = a + a + a + a");
    setsInKatex(latex);
  });

  it("prints a deep chain and a long sum without recursion", () => {
    let deep: Expr = scalar("x");
    for (let i = 0; i < 100_000; i++) deep = sin(deep);
    expect(toLatex(deep)).toContain("\\delta_{1}");
    let long: Expr = scalar("x");
    for (let i = 0; i < 100_000; i++) long = add(long, scalar("y"));
    expect(toLatex(long).length).toBeLessThan(1_000_000);
  });

  it("stops at named nodes", () => {
    let below: Expr = scalar("x");
    for (let i = 0; i < 50; i++) below = add(below, below);
    const top = mul(below, scalar("c"));
    expect(toLatex(top, { names: new Map([[below, "s_1"]]) })).toBe("s_{1} c");
    expect(toLatex(top, { symbols: new Map([[below, "\\hat y"]]) })).toBe("\\hat y\\,c");
    expect(toLatex(top, { numerals: new Map([[below, "-2"]]) })).toBe("-2c");
    expect(toLatex(mul(scalar("c"), below), { numerals: new Map([[below, "-2"]]) })).toBe("c(-2)");
  });

  it("never lets two numerals touch", () => {
    const [a, b, c] = [scalar("a"), scalar("b"), scalar("c")];
    const numerals = new Map([
      [a, "-2"],
      [b, "1"],
      [c, "2"],
    ]);
    expect(toLatex(mul(mul(a, b), c), { numerals })).toBe("-2\\cdot 1\\cdot 2");
    expect(toLatex(mul(c, pow(b, c)), { numerals })).toBe("2\\cdot 1^{2}");
    expect(toLatex(pow(a, c), { numerals })).toBe("(-2)^{2}");
  });

  it("does not take a fresh name that is in use", () => {
    let b: Expr = mul(scalar("δ_1"), scalar("delta_2"));
    for (let i = 0; i < 9; i++) b = add(b, b);
    const latex = toLatex(b, { share: true });
    expect(latex).toContain("\\delta_{3} = ");
    expect(latex).not.toContain("\\delta_{1} = ");
  });

  it("shares names among several results", () => {
    const [x, y] = [scalar("x"), scalar("y")];
    const common = exp(add(square(x), y));
    const { definitions, results } = latexParts([sin(common), mul(common, x)], { share: true });
    expect(definitions.map(({ name }) => name)).toEqual(["\\delta_{1}"]);
    expect(results).toEqual([["\\sin(\\delta_{1})"], ["\\delta_{1} x"]]);
  });

  it("breaks long sums before a sign", () => {
    let total: Expr = scalar("x_1");
    for (let i = 2; i < 80; i++) total = add(total, scalar(`x_${i}`));
    const latex = toLatex(total, { width: 60 });
    expect(latex.startsWith("\\begin{aligned}& x_{1} + ")).toBe(true);
    for (const line of latex.split("\\\\").slice(1)) expect(line).toMatch(/^ & \\quad \+ x_/);
    setsInKatex(latex);
  });

  it("writes hostile names as text that KaTeX and MathML take", () => {
    for (const name of hostileNames) {
      const expr = mul(add(parameter(name), 1), parameter(name));
      setsInKatex(toLatex(expr));
      const mathml = toMathml(expr);
      expect(mathml).not.toMatch(/<script|<img/i);
      expect(mathml).toMatch(/^<math[^>]*>[\s\S]*<\/math>$/);
    }
  });

  it("sets every name that there may be in KaTeX", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 8 }), (name) => {
        setsInKatex(nameLatex(name));
      }),
      { numRuns: 1000 },
    );
  });

  it("sets random programs of all ops and their gradients in KaTeX and in MathML", () => {
    fc.assert(
      fc.property(randomProgram({ size: 8, named: true }), ({ output, inputs }) => {
        const total = output.shape.length === 0 ? output : sum(output);
        const floating = inputs.filter((node) => topological([total]).has(node));
        for (const expr of [output, ...(grad(total, floating) as readonly Expr[])]) {
          setsInKatex(toLatex(expr));
          toMathml(expr);
        }
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  it("has the same bytes on every run", () => {
    const expr = parse("sin(x y)^2 / (1 + e^(-x))").result;
    expect(toLatex(grad(expr, scalar("x")))).toBe(toLatex(grad(expr, scalar("x"))));
  });
});

describe("numberLatex", () => {
  it.each([
    [0.5, {}, "0.5"],
    [-0, {}, "0"],
    [1.5e-9, {}, "1.5\\times 10^{-9}"],
    [1e21, {}, "10^{21}"],
    [-1e-7, {}, "-10^{-7}"],
    [Number.NaN, {}, "\\mathrm{NaN}"],
    [Number.NEGATIVE_INFINITY, {}, "-\\infty"],
    [0.0802031243, { digits: { fixed: 5 }, rounding: "trunc" }, "0.08020"],
    [2.5, { digits: { fixed: 0 } }, "2"],
    [3.5, { digits: { fixed: 0 } }, "4"],
    [0.125, { digits: 2 }, "0.12"],
    [9.996, { digits: 3 }, "10.0"],
    [0.1 * 3, { digits: 3 }, "0.3"],
    [0.41, { digits: { fixed: 5 }, rounding: "trunc" }, "0.41"],
  ] as const)("%d as %o is %s", (value, format, latex) => {
    expect(numberLatex(value, format)).toBe(latex);
  });
});

describe("an independent reader of LaTeX", () => {
  const engine = new ComputeEngine();
  // Else it takes the first `b(…)` that it meets for a function, and all later ones too.
  for (const name of names) engine.declare(name, "number");

  /** The value as the reader understands the LaTeX: σ by its formula, which it does not know. */
  function read(latex: string, at: Record<string, number>): number {
    const plain = latex.replaceAll("\\,", " ");
    const box = engine.parse(plain);
    const value = box.subs(at).N().re;
    return typeof value === "number" ? value : Number.NaN;
  }

  /** σ(x) is written out: the reader takes `\sigma(x)` for a product. */
  function withoutSigma(expr: Expr): Expr {
    const made = new Map<Expr, Expr>();
    for (const node of topological([expr]).nodes) {
      const args = node.args.map((arg) => made.get(arg) as Expr);
      const [x] = args as [Expr];
      made.set(
        node,
        node.op === sigmoid.op
          ? div(1, add(1, exp(neg(x))))
          : node.args.length === 0
            ? node
            : withArgs(node, args),
      );
    }
    return made.get(expr) as Expr;
  }

  it("gives every random expression the same value", () => {
    let compared = 0;
    fc.assert(
      fc.property(randomScalar, randomPoint, (random, at) => {
        const expr = withoutSigma(random);
        // The reader has conventions of its own at 1/0, 0^0 and (-1)^x, and loses digits of huge numbers.
        const { nodes } = topological([expr]);
        const parts = evaluate(nodes, at) as readonly number[];
        if (parts.some((part) => !(Math.abs(part) < 1e6))) return;
        const powers = nodes.filter(({ op }) => op === pow.op);
        if (powers.some(({ args }) => !((evaluate(args[0] as Expr, at) as number) > 0))) return;
        const wanted = evaluate(expr, at) as number;
        const latex = toLatex(expr, { share: false });
        if (latex.length > 400) return;
        const found = read(latex, at);
        compared++;
        const close = Math.abs(found - wanted) <= 1e-8 * Math.max(1, Math.abs(wanted));
        expect(close, `${latex} is ${wanted}, read as ${found}`).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(100);
  }, 120_000);
});
