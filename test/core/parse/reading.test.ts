import {
  add,
  constant,
  cos,
  div,
  type Expr,
  exp,
  less,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  matmul,
  mul,
  namedConstant,
  neg,
  pow,
  scalar,
  sigmoid,
  sin,
  sqrt,
  stack,
  sub,
  transpose,
  variable,
  where,
} from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { describe, expect, test } from "vitest";

const a = scalar("a");
const b = scalar("b");
const c = scalar("c");
const x = scalar("x");
const y = scalar("y");
const z = scalar("z");
const two = constant(2);

function check(text: string, expected: Expr): void {
  expect(parse(text).result).toBe(expected);
}

describe("precedence is mathjs's", () => {
  test.each<[string, Expr]>([
    ["a + b c", add(a, mul(b, c))],
    ["a - b - c", sub(sub(a, b), c)],
    ["a / b * c", mul(div(a, b), c)],
    ["a / b c", div(a, mul(b, c))],
    ["1/2 x", mul(div(1, two), x)],
    ["-1/2 x", mul(div(constant(-1), two), x)],
    ["1/2(a + b)", mul(div(1, two), add(a, b))],
    ["a/2 x", div(a, mul(2, x))],
    ["x^y^z", pow(x, pow(y, z))],
    ["2^-3", pow(2, constant(-3))],
    ["-x^2", neg(pow(x, 2))],
    ["-2^2", neg(pow(2, 2))],
    ["(-2)^2", pow(constant(-2), 2)],
    ["-2", constant(-2)],
    ["- 2", constant(-2)],
    ["-(2)", neg(two)],
    ["-Infinity", constant(Number.NEGATIVE_INFINITY)],
    ["-(∞)", neg(constant(Number.POSITIVE_INFINITY))],
    ["--2", neg(constant(-2))],
    ["-x", neg(x)],
    ["+x", x],
    ["-2x", mul(constant(-2), x)],
    ["-x y", mul(neg(x), y)],
    ["a - -2", sub(a, constant(-2))],
    ["not a and b", logicalAnd(logicalNot(a), b)],
    ["a and b or c", logicalOr(logicalAnd(a, b), c)],
    ["a xor b", logicalXor(a, b)],
    ["a + b < c", less(add(a, b), c)],
    ["a < b < c", logicalAnd(less(a, b), less(b, c))],
    ["a < b ? x : y", where(less(a, b), x, y)],
    ["a ? x : b ? y : z", where(a, x, where(b, y, z))],
    ["a ? b ? x : y : z", where(a, where(b, x, y), z)],
    ["x'", scalar("x'")],
  ])("%s", check);
});

describe("implicit products", () => {
  test.each<[string, Expr]>([
    ["2b", mul(2, b)],
    ["a b", mul(a, b)],
    ["a b c", mul(mul(a, b), c)],
    ["2(a + b)", mul(2, add(a, b))],
    ["(a + b)(b + c)", mul(add(a, b), add(b, c))],
    ["(a)b", mul(a, b)],
    ["c(a + 2b)", mul(c, add(a, mul(2, b)))],
    ["c(a + b)^2", mul(c, pow(add(a, b), 2))],
    ["c (a)", mul(c, a)],
    ["x^c(a + b)", mul(pow(x, c), add(a, b))],
    ["a / c(x)", div(a, mul(c, x))],
    ["w_1(a)", mul(scalar("w_1"), a)],
    ["w5'(a)", mul(scalar("w5'"), a)],
    ["alpha(a)", mul(scalar("alpha"), a)],
    ["rate + rate(a)", add(scalar("rate"), mul(scalar("rate"), a))],
    ["x 3", mul(x, 3)],
    ["pi(a)", mul(namedConstant("pi"), a)],
    ["Infinity (a)", mul(Infinity, a)],
    ["2e", mul(2, namedConstant("e"))],
    ["2e3x", mul(2000, x)],
    ["x_{1}y", mul(scalar("x_1"), y)],
  ])("%s", check);
});

describe("functions", () => {
  const halfAngle = mul(2, x);
  test.each<[string, Expr]>([
    ["sin(x)", sin(x)],
    ["sin x", sin(x)],
    ["sin 2x", sin(halfAngle)],
    ["sin x y", sin(mul(x, y))],
    ["sin x^2", sin(pow(x, 2))],
    ["sin x / 2", div(sin(x), 2)],
    ["sin x + y", add(sin(x), y)],
    ["sin x * y", mul(sin(x), y)],
    ["sin 2x cos y", mul(sin(halfAngle), cos(y))],
    ["2 sin x", mul(2, sin(x))],
    ["2sin x(a + b)", mul(mul(2, sin(x)), add(a, b))],
    ["sin -x", sin(neg(x))],
    ["sin cos x", sin(cos(x))],
    ["sin (x) y", mul(sin(x), y)],
    ["sin(x)^2", pow(sin(x), 2)],
    ["sin^2(x)", pow(sin(x), 2)],
    ["sin^2 x", pow(sin(x), 2)],
    ["sin²x", pow(sin(x), 2)],
    ["sin^a 2x", pow(sin(halfAngle), a)],
    ["sin^(a + 1)(x)", pow(sin(x), add(a, 1))],
    ["sin^2(x)^y", pow(pow(sin(x), 2), y)],
    ["sin^2 x + cos^2 x", add(pow(sin(x), 2), pow(cos(x), 2))],
    ["e^sin x", pow(namedConstant("e"), sin(x))],
    ["σ(z)", sigmoid(z)],
    ["σ z", sigmoid(z)],
    ["sqrt(x)", sqrt(x)],
    ["√x", sqrt(x)],
    ["√2x", mul(sqrt(2), x)],
    ["√x²", sqrt(pow(x, 2))],
    ["√(x)²", pow(sqrt(x), 2)],
    ["√(a + b)c", mul(sqrt(add(a, b)), c)],
    ["√√x", sqrt(sqrt(x))],
    ["exp(-x)", exp(neg(x))],
  ])("%s", check);

  test("a name the text defines is no function", () => {
    check("σ = 2; σ(z)", mul(scalar("σ"), z));
    check("sum = a b; sum + c", add(mul(a, b), c));
    check("ln: []; 2ln", mul(2, scalar("ln")));
  });
});

describe("signs people type", () => {
  test.each<[string, Expr]>([
    ["a·b", mul(a, b)],
    ["a×b÷c", div(mul(a, b), c)],
    ["a − b", sub(a, b)],
    ["x²y", mul(pow(x, 2), y)],
    ["x⁻¹", pow(x, constant(-1))],
    ["x²ⁿ", pow(x, mul(2, scalar("n")))],
    ["x_{12} + x₁₂", add(scalar("x_12"), scalar("x_12"))],
    ["π + tau + ∞", add(add(namedConstant("pi"), namedConstant("tau")), Infinity)],
    ["true", constant(1, "bool")],
  ])("%s", check);
});

describe("arrays", () => {
  const X = variable("X", ["batch", 3]);
  const W = variable("W", [3, 2]);
  const v = variable("v", [4]);
  const shapes = "X: [batch, 3]; W: [3, 2]; v: [4]; ";
  test.each<[string, Expr]>([
    ["X W", matmul(X, W)],
    ["X * W", matmul(X, W)],
    ["2X", mul(2, X)],
    ["X .* X", mul(X, X)],
    ["X ./ X", div(X, X)],
    ["X .^ 2", pow(X, 2)],
    ["X' X", matmul(transpose(X), X)],
    ["(X W)'", transpose(matmul(X, W))],
    ["Xᵀ", transpose(X)],
    ["X''", X],
    ["v v", matmul(v, v)],
    ["[a, b]", stack([a, b])],
    ["[a, b; b, c]", stack([stack([a, b]), stack([b, c])])],
    [
      "[1, 2; 3, 4] + 0",
      add(
        constant([
          [1, 2],
          [3, 4],
        ]),
        0,
      ),
    ],
    [
      "[[1, 2], [3, 4]] + 0",
      add(
        constant([
          [1, 2],
          [3, 4],
        ]),
        0,
      ),
    ],
  ])("%s", (text, expected) => check(shapes + text, expected));

  test.each<[string, readonly (number | string)[]]>([
    ["v[1]", []],
    ["v[end]", []],
    ["v[end - 1]", []],
    ["v[2:3]", [2]],
    ["v[2:]", [3]],
    ["v[:2]", [2]],
    ["v[1:2:4]", [2]],
    ["v[:]", [4]],
    ["X[:, 2]", ["batch"]],
    ["X[1]", [3]],
    ["W'[1, 2:3]", [2]],
    ["W[2, 1](a + b)", []],
  ])("%s has shape %j", (text, shape) => expect(parse(shapes + text).result.shape).toEqual(shape));
});
