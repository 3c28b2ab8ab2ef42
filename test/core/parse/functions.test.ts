import * as library from "@chainrule/core";
import {
  cast,
  concat,
  constant,
  cumulativeSum,
  dimension,
  div,
  type Expr,
  einsum,
  evaluate,
  gelu,
  grad,
  leakyRelu,
  log,
  max,
  mean,
  mul,
  norm,
  pad,
  prod,
  reduceMax,
  relu,
  reshape,
  scalar,
  slice,
  softmax,
  stack,
  step,
  sum,
  take,
  toText,
  transpose,
  variable,
} from "@chainrule/core";
import { abstract, call } from "@chainrule/core/control";
import { conv1d, maxPool1d } from "@chainrule/core/conv";
import { eye } from "@chainrule/core/linear";
import { parse, textFunctions } from "@chainrule/core/parse";
import { describe, expect, test } from "vitest";
import { functions } from "../../../packages/core/src/parse/functions.ts";

const x = scalar("x");
const A = variable("A", ["n", 3]);
const v = variable("v", [3]);
const s = variable("s", [1, 2, 9]);
const k = variable("k", [3, 2, 3]);

describe("the library's functions", () => {
  test("build what the library of the same name builds", () => {
    let compared = 0;
    for (const [name, { arity }] of functions) {
      const built = (library as Record<string, unknown>)[name];
      const op = (built as { op?: { elementwise?: unknown } } | undefined)?.op;
      if (typeof built !== "function" || op?.elementwise === undefined) continue;
      const count = name === "min" || name === "max" ? 2 : arity[0];
      const args = ["x", "y", "z"].slice(0, count);
      const nodes = args.map((arg) => scalar(arg));
      const expected = (built as (...all: Expr[]) => Expr)(...nodes);
      expect(parse(`${name}(${args.join(", ")})`).result, name).toBe(expected);
      compared++;
    }
    expect(compared).toBeGreaterThan(50);
  });

  test.each<[string, Expr]>(
    [
      ["sum(A)", sum(A)],
      ["sum(A, 0)", sum(A, 0)],
      ["sum(A, -1, true)", sum(A, -1, { keepDims: true })],
      ["mean(A, [0, 1])", mean(A, [0, 1])],
      ["prod(v) + norm(v)", prod(v).add(norm(v))],
      ["softmax(A)", softmax(A)],
      ["softmax(A, 0)", softmax(A, 0)],
      ["max(v)", reduceMax(v)],
      ["max(x, 1, 2)", max(max(x, 1), 2)],
      ["reshape(v, [3, 1])", reshape(v, [3, 1])],
      ['reshape(A, [3, "n"])', reshape(A, [3, "n"])],
      ["reshape(A, [3, n])", reshape(A, [3, "n"])],
      ["reshape(x, [])", reshape(x, [])],
      ["sum(A) / n", div(sum(A), dimension("n"))],
      ["transpose(A, [1, 0])", transpose(A)],
      ["concat(v, v, 0)", concat([v, v])],
      ["stack(v, v, 1)", stack([v, v], 1)],
      ["cumulativeSum(A, 1, true)", cumulativeSum(A, 1, { reverse: true })],
      ['cast(x, "f32")', cast(x, "f32")],
      ['einsum("ij,j->i", A, v)', einsum("ij,j->i", A, v)],
      ['einsum(A, v, "ij,j->i")', einsum("ij,j->i", A, v)],
      ["take(A, [2, 0], 1)", take(A, constant([2, 0], "i32"), 1)],
      ["relu(x, 0)", relu(x, { atZero: 0 })],
      ["leakyRelu(x, 0.2)", leakyRelu(x, { alpha: 0.2 })],
      ["leakyRelu(x, 0.2, 0)", leakyRelu(x, { alpha: 0.2, atZero: 0 })],
      ["step(x, 0.5)", step(x, { atZero: 0.5 })],
      ['gelu(x, "tanh")', gelu(x, { approximate: "tanh" })],
      ["conv1d(s, k)", conv1d(s, k)],
      ['conv1d(s, k, 2, "same")', conv1d(s, k, { stride: 2, padding: "same" })],
      ["maxPool1d(s, 3, 1, 1)", maxPool1d(s, 3, { stride: 1, padding: 1 })],
      ["eye(3) + pad(v, 1)[1:3]", eye(3).add(slice(pad(v, 1), 0, 0, 3))],
      ["log(x, 2)", div(log(x), log(2))],
      ["ln x", log(x)],
      ["cot(x) tan(x)", mul(div(1, parse("tan(x)").result), parse("tan(x)").result)],
      ["σ'", scalar("σ'")],
    ].filter(([text]) => text !== "σ'") as [string, Expr][],
  )("%s", (text, expected) => {
    expect(parse(text, { variables: { A, v, s, k } }).result).toBe(expected);
  });

  test.each([
    ['sum(A, "0")', "an argument must be a number here, got"],
    ["reshape(v, 2x)", "an argument must be a number here, got an expression"],
    ['maxPool1d(A, 2, 2, "full")', 'padding must be "valid", "same" or a number, got "full"'],
    ["cast(x, 3)", "an argument must be a text in quotes here, got an expression"],
    ['cast(x, "f16")', 'dtype must be one of bool, i32, f32, f64, got "f16"'],
    ["relu(x, 2)", "atZero must be 0 or 1, got 2"],
    ['gelu(x, "erf")', 'gelu: approximate must be "none" or "tanh", got "erf"'],
    ["concat(v)", "concat: there must be 2 or more arguments, got 1"],
    ["sum(A, 2)", "sum: axis must lie in -2 … 1, got 2"],
  ])("%s is refused", (text, message) => {
    expect(() => parse(text, { variables: { A, v, s, k } })).toThrow(message);
  });
});

describe("functions with bodies", () => {
  test("become calls, their values and derivatives those of the body", () => {
    const { result, variables } = parse("f(x) = x^2; y = f(3a)");
    expect(result.op).toBe(call.op);
    expect(toText(result)).toBe("f(3a)");
    expect(Object.keys(variables)).toEqual(["a"]);
    expect(evaluate(result, { a: 2 })).toBe(36);
    expect(evaluate(grad(result, variables.a), { a: 2 })).toBe(36);
  });

  test("take what is around them, also through each other", () => {
    const { result, variables } = parse(
      "k = 2b; f(x) = k x^2; g(x, y) = f(x) + f(y) + c; g(3a, 1) + f(2)",
    );
    expect(new Set(Object.keys(variables))).toEqual(new Set(["a", "b", "c"]));
    const point = { a: 1, b: 2, c: 5 };
    expect(evaluate(result, point)).toBe(4 * 9 + 4 + 5 + 4 * 4);
    expect(evaluate(grad(result, variables.a), point)).toBe(4 * 2 * 9);
  });

  test("are traced for each shape of their arguments", () => {
    const { result } = parse("f(x) = x' x; f(A) + f(B)", {
      variables: { A: variable("A", [2, 3]), B: variable("B", [4, 3]) },
    });
    expect(result.shape).toEqual([3, 3]);
  });

  test("hide names and constants by their parameters", () => {
    expect(evaluate(parse("f(e, sin) = e sin; f(2, 3)").result, {})).toBe(6);
  });

  test("at the end of a text are evaluated where they stand", () => {
    const { result, definitions, variables } = parse(
      "L(a, b, c) = c(a + 2b); a = 3; b = 1; c = -2",
    );
    expect(Object.keys(definitions)).toEqual(["L"]);
    expect(result).toBe(parse("c(a + 2b)").result);
    expect(evaluate(result, { a: 3, b: 1, c: -2 })).toBe(-10);
    expect(new Set(Object.keys(variables))).toEqual(new Set(["a", "b", "c"]));
  });

  test("have derivatives", () => {
    const { result } = parse("f(x) = x^3 + k x; f'(a) + f''(a)");
    expect(evaluate(result, { a: 2, k: 10 })).toBe(12 + 10 + 12);
  });

  test("may be called a thousandfold at the cost of one", () => {
    const levels = Array.from({ length: 60 }, (_, i) =>
      i === 0 ? "f0(x) = x + 1" : `f${i}(x) = f${i - 1}(x) + f${i - 1}(x)`,
    );
    expect(toText(parse(`${levels.join("\n")}\nf59(a)`).result)).toBe("f59(a)");
  });

  test.each([
    ["f(x) = f(x) + 1; f(2)", "f: a function must not call itself"],
    ["f(x) = g(x); g(x) = f(x); f(2)", "f: a function must not call itself"],
    ["f(x, y) = x y; f(2)", "f: there must be 2 arguments, got 1"],
    ["f(x, y) = x y; f'(2)", "f: there must be 2 arguments, got 1"],
  ])("%s is refused", (text, message) => expect(() => parse(text)).toThrow(message));
});

describe("functions without a body", () => {
  test("are declared by name, and differentiate by the chain rule", () => {
    const names = ["u", "v", "w"] as const;
    const { result, variables } = parse("u(v(w(x)))", { functions: names });
    expect(result).toBe(abstract("u")(abstract("v")(abstract("w")(x))));
    const gradient = grad(result, variables.x);
    expect(toText(gradient)).toBe("u'(v(w(x))) v'(w(x)) w'(x)");
    expect(parse(toText(gradient), { functions: names }).result).toBe(gradient);
  });

  test("must not be defined too", () => {
    expect(() => parse("u(x) = x", { functions: ["u"] })).toThrow('got "u" again');
  });
});

describe("textFunctions", () => {
  test("names every function with its arguments, for editors", () => {
    const known = new Map(textFunctions.map(({ name, arity }) => [name, arity]));
    expect(known.get("sin")).toEqual([1, 1]);
    expect(known.get("atan2")).toEqual([2, 2]);
    expect(known.size).toBe(textFunctions.length);
  });
});
