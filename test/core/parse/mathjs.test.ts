import { constant, type Expr, evaluate, literalValue, parameter, scalar } from "@chainrule/core";
import { fromMathjs, type MathjsClasses, toMathjs } from "@chainrule/core/mathjs";
import { parse } from "@chainrule/core/parse";
import * as mathjs from "mathjs";
import { describe, expect, test } from "vitest";

/** Another instance, with classes of its own. */
const own = mathjs.create(mathjs.all ?? {}) as unknown as MathjsClasses;

const texts = [
  "c(a + 2b)",
  "a - (b - c) / (2a)",
  "-x^2 + (-2)^2 - 2^-3",
  "-(2) x",
  "sin(x)^2 + cos(2x)",
  "exp(-x) / (1 + e^(-x))",
  "log(x) + log10(x) + log2(x) + log1p(x)",
  "sqrt(x) + abs(x - 3) + cbrt(x)",
  "max(x, y) + min(x, y) + atan2(y, x)",
  "x > y and not (y == 2) ? x : 2y",
  "x mod 3 + floor(y) + round(x)",
  "2pi x + tau",
  "[x, y; 1, 2]",
  "sigmoid(x) + square(y) + softplus(x) + reciprocal(x)",
];

describe("there and back", () => {
  test.each(texts)("%s", (text) => {
    const expr = parse(text).result;
    expect(fromMathjs(toMathjs(expr, { expand: false }))).toBe(expr);
    expect(fromMathjs(toMathjs(expr, { expand: false, mathjs: own }))).toBe(expr);
  });

  test("arrays keep their elementwise products", () => {
    const { result, variables } = parse("A: [2, 2]; B: [2, 2]; A B + A .* B ./ A .^ B + A'");
    expect(fromMathjs(toMathjs(result, { expand: false }), { variables })).toBe(result);
  });

  test("text that mathjs prints of it reads as the same", () => {
    for (const text of texts.slice(0, 5)) {
      const expr = parse(text).result;
      expect(parse(toMathjs(expr, { expand: false }).toString() as string).result).toBe(expr);
    }
  });
});

describe("mathjs's own tools", () => {
  const point = { x: 0.7, y: 1.3, a: 3, b: 1, c: -2 };

  test.each(texts.filter((text) => !text.startsWith("[")))(
    "evaluates %s to the same value",
    (text) => {
      const { result } = parse(text);
      const value = evaluate(result, point, { extra: "allow" } as never) as number;
      expect(toMathjs(result).evaluate({ ...point })).toBeCloseTo(value, 12);
    },
  );

  test("derivative", () => {
    const { result } = parse("x sigmoid(x^2) + square(x)");
    const derivative = fromMathjs(mathjs.derivative(toMathjs(result), "x"));
    const at = (value: number): number => toMathjs(result).evaluate({ x: value }) as number;
    const h = 1e-5;
    expect(evaluate(derivative, { x: 0.7 })).toBeCloseTo((at(0.7 + h) - at(0.7 - h)) / (2 * h), 8);
  });

  test("simplify", () => {
    const simple = mathjs.simplify(toMathjs(parse("2x + 3x - x * 1").result));
    expect(simple.toString()).toBe("4 * x");
    expect(fromMathjs(simple)).toBe(parse("4x").result);
  });

  test("toTex, of a shared node once", () => {
    let node: Expr = scalar("x");
    for (let i = 0; i < 60; i++) node = node.add(node);
    expect(toMathjs(node).type).toBe("OperatorNode");
    expect(toMathjs(parse("(-2)^2").result).toTex()).toBe("{\\left(-2\\right)}^{2}");
  });
});

describe("what mathjs writes", () => {
  test.each([
    ["0 < x < 1", "0 < x < 1"],
    ["(a + b) c", "(a + b) c"],
    ["x^2'", "x^2"],
  ])("%s", (text, same) => {
    const { variables } = parse(same);
    expect(fromMathjs(mathjs.parse(text.replace("'", "")), { variables })).toBe(parse(same).result);
  });

  test("long sums, without recursion", () => {
    const sum = mathjs.parse(Array(5000).fill("x").join("+"));
    expect(fromMathjs(sum).op.name).toBe("add");
  });

  test.each([
    ['"text"', "fromMathjs: a constant must be a number"],
    ["{a: 1}", "fromMathjs: a node must be an expression, got ObjectNode"],
    ["a = 3", "fromMathjs: a node must be an expression, got AssignmentNode"],
    ["foo(x)", 'fromMathjs: a function must be known, got "foo"'],
    ["x!", "there is no operation factorial"],
    ["sin(x, y)", "sin: there must be 1 argument, got 2"],
  ])("%s is refused", (text, message) => {
    expect(() => fromMathjs(mathjs.parse(text))).toThrow(message);
  });

  test("numbers keep their sign and their value", () => {
    for (const value of [-0, 0, 1e300, -1.5, Number.POSITIVE_INFINITY]) {
      const back = fromMathjs(toMathjs(constant(value)));
      expect(Object.is(literalValue(back), value)).toBe(true);
    }
  });
});

test("what mathjs cannot say is refused", () => {
  expect(() => toMathjs(parse("x: [3]; cumulativeSum(x)").result)).toThrow(
    "toMathjs: mathjs must know the operation, got cumulativeSum",
  );
  expect(toMathjs(parameter("w")).toString()).toBe("w");
});
