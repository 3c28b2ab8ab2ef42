import { add, div, mul, neg, pow, scalar, sin, variable } from "@chainrule/core";
import { ex, ParseError } from "@chainrule/core/parse";
import { describe, expect, test } from "vitest";

const [a, b, c] = [scalar("a"), scalar("b"), scalar("c")] as const;

describe("what is put in", () => {
  test("is a value, and a factor before parentheses", () => {
    expect(ex`${c}(${a} + 2${b})`).toBe(mul(c, add(a, mul(2, b))));
    expect(ex`${a}${b}`).toBe(mul(a, b));
    expect(ex`sin ${a}`).toBe(sin(a));
    expect(ex`sin^${b}(${a})`).toBe(pow(sin(a), b));
  });

  test("needs no parentheses", () => {
    const sum = add(a, b);
    expect(ex`${sum}^2 / ${sum}`).toBe(div(pow(sum, 2), sum));
    expect(ex`${-2}^2`).toBe(pow(-2, 2));
    expect(ex`-${2}`).toBe(neg(2));
  });

  test("may be an array", () => {
    const v = variable("v", [3]);
    expect(ex`${v}[2] ${a}`.shape).toEqual([]);
    expect(ex`${v}'`.shape).toEqual([3]);
  });

  test("must be an expression or a number", () => {
    expect(() => ex`2 ${"a" as never}`).toThrow(
      'ex: what is put in must be an expression or a number, got "a"',
    );
  });
});

test("names are variables as in parse, and statements may stand before the result", () => {
  expect(ex`d = 2${b}; c(a + d)`).toBe(mul(c, add(a, mul(2, b))));
});

test("errors show what was put in by its name", () => {
  expect(() => ex`${a} + ${mul(a, b)} ${3} )`).toThrow(
    new ParseError(`${"$"}{a} + ${"$"}{…} ${"$"}{3} )`, 17, 'expected an operator, got ")"'),
  );
});
