import { ParseError, parse } from "@chainrule/core/parse";
import { describe, expect, test } from "vitest";

function errorOf(text: string, functions: readonly string[] = []): ParseError {
  try {
    parse(text, { functions });
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error(`${text} is read`);
}

test("line, column, the line and a caret", () => {
  expect(errorOf("a = 3\n  c(a + 2b +)\nd").message).toBe(
    'line 2, column 13: expected an expression, got ")"\n    c(a + 2b +)\n              ^',
  );
  expect(errorOf("c(a + 2b +")).toMatchObject({
    line: 1,
    column: 11,
    offset: 10,
    reason: 'expected ")", got end of text',
    sourceLine: "c(a + 2b +",
  });
});

test("tabs and characters beyond 16 bits do not shift the caret", () => {
  expect(errorOf("\t𝐱 + )").message).toBe(
    'line 1, column 6: expected an expression, got ")"\n  \t𝐱 + )\n  \t    ^',
  );
});

test("long lines are cut around the place", () => {
  const { message } = errorOf(`${"a + ".repeat(100)})${" + a".repeat(100)}`);
  const [, line, caret] = message.split("\n") as [string, string, string];
  expect(line.length).toBeLessThanOrEqual(78);
  expect(line[caret.length - 1]).toBe(")");
});

describe("messages", () => {
  test.each([
    ["", "1:1 expected an expression, got end of text"],
    [" # nothing\n", "2:1 expected an expression, got end of text"],
    ["a +", "1:4 expected an expression, got end of text"],
    ["a + ; b", '1:5 expected an expression, got ";"'],
    ["a * * b", '1:5 expected an expression, got "*"'],
    ["(a", '1:3 expected ")", got end of text'],
    ["(a]", '1:3 expected ")", got "]"'],
    ["a)", '1:2 expected an operator, got ")"'],
    ["[a, b", '1:6 expected "]", got end of text'],
    ["|a", '1:3 expected "|", got end of text'],
    ["(|a)", '1:4 expected "|", got ")"'],
    ["()", '1:2 expected an expression, got ")"'],
    ["[]", "1:1 a list must have an item, got none"],
    ["[1, ]", '1:5 expected an expression, got "]"'],
    ["sin()", '1:5 expected an expression, got ")"'],
    ["2 3", '1:3 expected an operator, got "3"'],
    ["x^2 3", '1:5 expected an operator, got "3"'],
    ["1.2.3", '1:4 expected an operator, got ".3"'],
    ["sin + 1", '1:5 expected the argument of sin, got "+"'],
    ["2 sin", "1:6 expected the argument of sin, got end of text"],
    ["√", "1:2 expected the argument of the root, got end of text"],
    ["sin^sin(x)", '1:5 expected an exponent, got "sin"'],
    ["sinn(x)", '1:1 unknown function "sinn", did you mean sin?'],
    ["Sin(x)", '1:1 unknown function "Sin", did you mean sin?'],
    ["weight(x)", '1:1 unknown function "weight"; a product is written weight * (…)'],
    [
      "c(a, b)",
      '1:4 expected ")", got ","; "c" is not known as a function, so "(" begins a product',
    ],
    ["sin(a, b)", "1:1 sin: there must be 1 argument, got 2"],
    ["log(a, b, c)", "1:1 log: there must be 1 to 2 arguments, got 3"],
    ["sin'(x)", '1:1 expected a name or a matrix before "\'", got the function "sin"'],
    ["a ? b", '1:6 expected ":", got end of text'],
    ["a : b", '1:3 expected an operator, got ":"'],
    [
      "a = b = 3",
      '1:7 expected an operator, got "="; left of "=" must stand a name or f(x, y), equality is "=="',
    ],
    [
      "2a = 3",
      '1:4 expected an operator, got "="; left of "=" must stand a name or f(x, y), equality is "=="',
    ],
    ["(a = 3)", '1:4 expected ")", got "=", did you mean "=="?'],
    ["x!", '1:2 expected an operator, got "!"; there is no factorial'],
    ["5%", "1:3 expected an expression, got end of text"],
    ["a || b", '1:3 expected an operator, got "|", did you mean "or" by "||"?'],
    ["a && b", '1:3 unknown operator "&&", did you mean "and"?'],
    ["a ** b", '1:3 unknown operator "**", did you mean "^"?'],
    ["a @ b", '1:3 unexpected character "@"'],
    ["a.b", '1:2 unexpected character "."'],
    ["1e999", "1:1 a number must be below 1.8e308, got 1e999"],
    ["0x1F", "1:1 numbers are decimal; write 0 * x… for a product"],
    ["2_a", '1:2 expected an operator, got "_"'],
    ['"a', "1:1 a text in quotes must end in the same line"],
    ["x_{}", '1:3 a subscript must be letters and digits in "{ }"'],
    ["a = 1; a = 2", '1:8 a name must be defined once, got "a" again'],
    ["f(x) = x; f = 2", '1:1 a name must be defined once, got "f" again'],
    ["x: [2]; x = a", '1:9 a name must be defined once, got "x" again'],
    ["x: [2]; x = [1, 2, 3]", "1:9 x must have the shape [2], got [3]"],
    ["y = d + 1\nd = 2b", '1:5 "d" is used before it is defined (line 2, column 1)'],
    ["y = f(1); f(x) = x", '1:5 "f" is used before it is defined'],
    ["d = d + 1", '1:5 "d" is used before it is defined (line 1, column 1)'],
    ["f(x, x) = x", '1:6 parameters must have different names, got "x" twice'],
    ["a = 3; a'", '1:8 "a\'" is not defined, and the scalar "a" has no transpose'],
    ["x: [2 3]", '1:7 expected "," or "]", got "3"'],
    ["x: [2.5]", '1:5 expected a whole number or a name, got "2.5"'],
    ["x: [a'']", "1:1 variable: a size must be a whole number ≥ 0 or a name, got [a'']"],
    ["[1, 2; 3]", "1:8 rows must have equal lengths, got 2 and 1"],
    ["x: [3]; y: [4]; 1 + x + y", "1:23 add: shapes must be equal or broadcast, got [3] and [4]"],
    [
      "A: [2, 3]; A A",
      "1:14 matmul: the last axis of the left must equal the last but one of the right, got [2, 3] and [2, 3]",
    ],
    ["x: [3]; x[4]", "1:9 an index must lie in 1 … 3, got 4"],
    ["x: [3]; x[0]", "1:9 an index must lie in 1 … 3, got 0"],
    ["x: [3]; x[1, 2]", "1:9 an index must name at most 1 axes of shape [3], got 2"],
    ["x: [3]; x[a]", "1:9 an index must be a whole number or a range, got an expression"],
    ["x: [3]; x[3:1]", "1:9 a range must run upwards, got 3:1:1"],
    ["x: [n]; x[end]", "1:9 end must stand for a number, got an axis of n"],
    ["exp^-1(x)", "1:1 exp^-1 may be an inverse or a reciprocal; write 1 / exp(…)"],
    ["u(x, y) + v(u)", '1:14 expected the argument of u, got ")"'],
  ])("%s", (text, expected) => {
    const { line, column, reason } = errorOf(text, text.startsWith("u(") ? ["u", "v"] : []);
    expect(`${line}:${column} ${reason}`).toBe(expected);
  });
});

describe("nesting", () => {
  const deep = "expressions must nest at most 1000 deep, got more";
  test.each([
    ["parentheses", (n: number) => `${"(".repeat(n)}a${")".repeat(n)}`],
    ["brackets", (n: number) => `${"[".repeat(n)}a${"]".repeat(n)}`],
    ["calls", (n: number) => `${"sin(".repeat(n)}a${")".repeat(n)}`],
    ["bare calls", (n: number) => `${"sin ".repeat(n)}a`],
    ["signs", (n: number) => `${"-".repeat(n)}a`],
    ["powers", (n: number) => `a${"^a".repeat(n)}`],
    ["conditionals", (n: number) => `${"a ? a : ".repeat(n)}a`],
    ["remainders", (n: number) => `${"a - (".repeat(n)}a${")".repeat(n)}`],
  ])("of %s has a limit, and no stack overflows", (kind, make) => {
    if (kind !== "brackets") expect(parse(make(999)).result.shape).toEqual([]);
    expect(errorOf(make(100_000)).reason).toBe(deep);
  });

  test("long sums, products and lists are not nested", () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `x${i % 50}`);
    expect(Object.keys(parse(names.join(" + ")).variables)).toHaveLength(50);
    expect(Object.keys(parse(names.join(" ")).variables)).toHaveLength(50);
    expect(parse(`[${names.join(", ")}]`).result.shape).toEqual([20_000]);
  });
});
