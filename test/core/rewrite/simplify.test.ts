import {
  add,
  broadcastTo,
  constant,
  cos,
  div,
  type Expr,
  evaluate,
  exp,
  grad,
  isFloat,
  log,
  mul,
  neg,
  parameter,
  pow,
  scalar,
  sigmoid,
  sin,
  sqrt,
  square,
  sub,
  sum,
  topological,
  toText,
  variable,
} from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { seededRandom, simplify } from "@chainrule/core/rewrite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elementsOf } from "../../support/points.ts";
import { randomProgram } from "../../support/randomProgram.ts";
import { randomPoint, randomScalar } from "../../support/randomScalar.ts";
import { textbook } from "../textbook.ts";

const a = scalar("a");
const b = scalar("b");
const x = scalar("x");
const y = scalar("y");

/** The derivative of a scalar, or of each element on its own. */
function derivative(of: Expr, by: Expr): Expr {
  return grad(of.shape.length === 0 ? of : sum(of), by);
}

describe("simplify prints textbook derivatives", () => {
  it.each(textbook.map((entry) => [entry.name, entry] as const))("%s", (_name, entry) => {
    const program = parse(entry.text, { functions: entry.functions ?? [] });
    const by = program.variables[entry.wrt] as Expr | undefined;
    let result: Expr = program.result;
    // A variable that the text does not contain has the gradient 0.
    const wrt = by ?? scalar(entry.wrt);
    for (let i = 0; i < (entry.order ?? 1); i++) result = derivative(result, wrt);
    const simple = simplify(result);
    expect(toText(simple)).toBe(entry.derivative);
    expect(simplify(simple), "simple already").toBe(simple);
  });
});

describe("simplify writes derivatives of products of matrices as matrix calculus does", () => {
  // Source: Petersen and Pedersen, The Matrix Cookbook (2012), equations 61, 69, 70, 81 and 100.
  const book: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["a: [2]; x: [2]; dot(a, x)", { a: "x", x: "a" }],
    ["A: [3, 2]; a: [3]; b: [2]; a' A b", { A: "a bᵀ", a: "A b", b: "a A" }],
    ["A: [2, 2]; x: [2]; x' A x", { A: "x xᵀ", x: "A x + x A" }],
    ["A: [3, 2]; x: [2]; sum(A x)", { A: "ones(3, 1) xᵀ", x: "Aᵀ ones(3, 1)" }],
    ["A: [3, 2]; x: [2]; t: [3]; 1/2 sum((A x - t)^2)", { A: "(A x - t) xᵀ", x: "Aᵀ (A x - t)" }],
    ["A: [2, 3]; B: [3, 2]; trace(A B)", { A: "Bᵀ", B: "Aᵀ" }],
    ["A: [2, 2]; a: [2]; b: [2]; a' inv(A) b", { A: "-(inv(A)ᵀ (a bᵀ) inv(A)ᵀ)" }],
    ["t: [3]; z: [3]; -sum(t .* log(z))", { t: "-log(z)", z: "-t ./ z" }],
  ];
  it.each(book)("%s", (text, derivatives) => {
    const { result, variables } = parse(text);
    const point = randomInputs(Object.values(variables));
    for (const [name, expected] of Object.entries(derivatives)) {
      const plain = grad(result, variables[name] as Expr);
      const simple = simplify(plain);
      expect(toText(simple, { style: "reading" }), name).toBe(expected);
      expect(simplify(simple), "simple already").toBe(simple);
      const [before = [], after = []] = [plain, simple].map((one) =>
        Array.from(elementsOf(evaluate(one, point))),
      );
      for (const [i, element] of before.entries()) expect(after[i]).toBeCloseTo(element, 10);
    }
  });
});

/** Numbers between 1 and 2 for variables of known shapes. */
function randomInputs(inputs: readonly Expr[]): ReadonlyMap<Expr, Float64Array> {
  const next = seededRandom(3);
  const size = ({ shape }: Expr): number => shape.reduce<number>((n, dim) => n * Number(dim), 1);
  return new Map(inputs.map((x) => [x, Float64Array.from({ length: size(x) }, () => 1 + next())]));
}

const table: readonly (readonly [Expr, string])[] = [
  // Numbers stay exact: a third is a quotient, decimals are added as decimals.
  [mul(div(1, 3), mul(3, x)), "x"],
  [add(div(x, 3), div(x, 6)), "x / 2"],
  [add(mul(0.1, x), mul(0.2, x)), "0.3x"],
  [div(mul(0.1, x), 3), "x / 30"],
  [sqrt(constant(2)), "sqrt(2)"],
  [mul(sqrt(constant(2)), sqrt(constant(2))), "2"],
  [sqrt(constant(12.25)), "3.5"],
  [pow(constant(8), div(1, 3)), "2"],
  [constant(Math.PI), "pi"],
  // What could change a value inside the domain stays.
  [sqrt(square(x)), "sqrt(x^2)"],
  [pow(square(x), div(1, 2)), "sqrt(x^2)"],
  [sqrt(mul(x, y)), "sqrt(x y)"],
  [pow(pow(x, a), b), "(x^a)^b"],
  [div(x, 0), "x / 0"],
  [constant(Number.NaN), "NaN"],
  // What could not does not.
  [sqrt(mul(4, x)), "2sqrt(x)"],
  [pow(pow(x, 3), div(1, 3)), "x"],
  [mul(pow(x, a), pow(x, b)), "x^(a + b)"],
  [pow(pow(x, a), 2), "x^(2a)"],
  [div(sub(a, b), sub(b, a)), "-1"],
  [add(square(sin(x)), square(cos(x))), "1"],
  [log(exp(x)), "x"],
  [sigmoid(neg(x)), "1 - sigmoid(x)"],
  // Order.
  [add(add(1, x), square(x)), "x^2 + x + 1"],
  [mul(mul(sin(x), x), 2), "2x sin(x)"],
  [add(scalar("w10"), scalar("w2")), "w2 + w10"],
];

describe("simplify", () => {
  it.each(table.map(([expr, text]) => [text, expr] as const))("%s", (text, expr) => {
    expect(toText(simplify(expr))).toBe(text);
  });

  it("returns what is simple already as it is", () => {
    for (const expr of [x, sin(x), add(x, 1), mul(2, x), sub(x, y), parameter("w")]) {
      expect(simplify(expr)).toBe(expr);
    }
  });

  it("keeps shape and type", () => {
    const v = variable("v", ["n"], "f32");
    const zero = simplify(sub(v, v));
    expect([zero.shape, zero.dtype]).toEqual([["n"], "f32"]);
    const twice = simplify(add(v, v));
    expect([toText(twice), twice.dtype]).toEqual(["2v", "f32"]);
    expect(simplify(mul(broadcastTo(constant(1), [3]), x)).shape).toEqual([3]);
  });

  it("takes several expressions at once", () => {
    expect(simplify([add(x, x), mul(1, y)]).map((expr) => toText(expr))).toEqual(["2x", "y"]);
    expect(() => simplify(1 as never)).toThrow("simplify: there must be expressions, got 1");
  });

  it("keeps every value inside the domain", () => {
    fc.assert(
      fc.property(randomScalar, randomPoint, (expr, point) => {
        const values = nodeValues(expr, point);
        const simple = nodeValues(simplify(expr), point);
        // Beyond 1000 a function like sin turns rounding into another value, near 0 a root does:
        // (√2² − 2)^(1/3) is 0, and 8e-6 as it is rounded.
        fc.pre(values.every((value) => Math.abs(value) < 1000));
        fc.pre([...values, ...simple].every((value) => value === 0 || Math.abs(value) > 1e-4));
        const expected = values.at(-1) as number;
        const value = simple.at(-1) as number;
        expect(Math.abs(value - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["scalars", { moves: [], size: 14 }],
    ["tensors with a named size", { named: true, size: 14 }],
  ] as const)(
    "keeps values, shapes and types of programs of %s and their gradients",
    (_name, options) => {
      fc.assert(
        fc.property(randomProgram(options), ({ output, inputs, values }) => {
          const loss = output.shape.length === 0 ? output : sum(output);
          const exprs = isFloat(loss.dtype) ? [output, ...grad(loss, inputs)] : [output];
          const simple = simplify(exprs);
          expect(simple.map(({ dtype }) => dtype)).toEqual(exprs.map(({ dtype }) => dtype));
          expect(simple.map(({ shape }) => shape)).toEqual(exprs.map(({ shape }) => shape));
          const before = evaluate(exprs, values, { extra: "allow" }).flatMap(elementsOf);
          const after = evaluate(simple, values, { extra: "allow" }).flatMap(elementsOf);
          fc.pre(before.every((value) => Math.abs(value) < 1e4));
          before.forEach((value, i) => {
            const error = Math.abs((after[i] as number) - value);
            expect(error).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
          });
        }),
        { numRuns: 300 },
      );
    },
  );

  it("leaves float results float", () => {
    fc.assert(fc.property(randomScalar, (expr) => isFloat(simplify(expr).dtype)));
  });

  it("is iterative, with bounded work a node", () => {
    let chain: Expr = x;
    let total: Expr = x;
    for (let i = 0; i < 30_000; i++) {
      chain = sin(chain);
      total = add(total, i % 2 === 0 ? y : x);
    }
    expect(simplify(chain)).toBe(chain);
    expect(toText(simplify(total))).toBe("15001x + 15000y");
    // Written out, this product has 2²⁰⁰⁰ factors.
    let product: Expr = x;
    for (let i = 0; i < 2000; i++) product = mul(product, add(product, 1));
    expect(topological([simplify(product)]).nodes.length).toBeLessThan(1_000_000);
  }, 60_000);
});

function nodeValues(expr: Expr, point: Readonly<Record<string, number>>): readonly number[] {
  return evaluate([...topological([expr]).nodes], point, { extra: "allow" }) as number[];
}
