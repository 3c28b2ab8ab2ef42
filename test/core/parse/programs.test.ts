import { add, constant, mul, namedConstant, pow, scalar, Tensor, variable } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { describe, expect, test } from "vitest";

const a = scalar("a");
const b = scalar("b");
const c = scalar("c");
const x = scalar("x");
const L = mul(c, add(a, mul(2, b)));

describe("definitions", () => {
  test("share what they have in common with an expression written at once", () => {
    const lecture = parse("d = 2b; e = a + d; L = c e");
    expect(Object.keys(lecture.definitions)).toEqual(["d", "e", "L"]);
    expect(new Set(Object.keys(lecture.variables))).toEqual(new Set(["a", "b", "c"]));
    expect(lecture.variables.a).toBe(a);
    expect(lecture.definitions.L).toBe(L);
    expect(lecture.result).toBe(L);
    expect(parse("c(a + 2b)").result).toBe(L);
  });

  test("end at a semicolon or a newline, but not inside of brackets or after an operator", () => {
    const { definitions, result } = parse("d = (2\nb)\ne = a +\n\n  d;;\n\nL = c\te # the loss\n");
    expect(Object.keys(definitions)).toEqual(["d", "e", "L"]);
    expect(result).toBe(L);
  });

  test("a line that begins with a sign is a statement of its own, and warned of", () => {
    const { result, warnings } = parse("L = a\n  + b");
    expect(result).toBe(b);
    expect(warnings).toEqual([
      "line 2, column 3: a line that begins with + is a statement of its own",
    ]);
    expect(parse("-a; -b").warnings).toEqual([]);
  });

  test("names may be in quotes, and any word an object knows", () => {
    const { variables } = parse('"my loss" + constructor + __proto__ + toString');
    const names = ["my loss", "constructor", "__proto__", "toString"];
    expect(new Set(Object.keys(variables))).toEqual(new Set(names));
    expect(Object.keys(parse("__proto__ = a; hasOwnProperty = 2").definitions)).toEqual([
      "__proto__",
    ]);
  });
});

describe("values", () => {
  test("a number on the right makes a variable with that value, wherever it stands", () => {
    for (const text of ["a = 3; b = +1; c = -2; L = c(a + 2b)", "L = c(a + 2b)\na=3\nb=1\nc=−2"]) {
      const { variables, values, definitions, result } = parse(text);
      expect({ ...values }).toEqual({ a: 3, b: 1, c: -2 });
      expect({ ...variables }).toEqual({ a, b, c });
      expect({ ...definitions }).toEqual({ L });
      expect(result).toBe(L);
    }
  });

  test("1/2 is a quotient, pi a constant: both are definitions", () => {
    expect(Object.keys(parse("h = 1/2; p = pi; h p").definitions)).toEqual(["h", "p"]);
  });

  test("a list of numbers is an array", () => {
    const { variables, values } = parse("W = [1, 2; 3, -4]; v = [0.5]");
    expect(variables.W).toBe(variable("W", [2, 2]));
    expect((values["W"] as Tensor).toArray()).toEqual([
      [1, 2],
      [3, -4],
    ]);
    expect(variables.v).toBe(variable("v", [1]));
  });

  test("a text of values alone has the last as its result", () => {
    expect(parse("a = 3").result).toBe(a);
    expect(parse("x: [2]").result).toBe(variable("x", [2]));
  });

  test("a value may follow its shape", () => {
    const { variables, values } = parse("x: [n, 2]; x = [1, 2; 3, 4; 5, 6]");
    expect(variables.x).toBe(variable("x", ["n", 2]));
    expect(values["x"]).toBeInstanceOf(Tensor);
  });
});

describe("given variables", () => {
  test("stand for the nodes they are", () => {
    const v = variable("v", ["batch", 3]);
    const { result, variables } = parse("2w + z", { variables: { w: v, z: L } });
    expect(result).toBe(add(mul(2, v), L));
    expect(new Set(Object.keys(variables))).toEqual(new Set(["v", "a", "b", "c"]));
  });

  test("hide functions and constants of their names", () => {
    const { result } = parse("e sin", { variables: { e: a, sin: b } });
    expect(result).toBe(mul(a, b));
  });

  test("may get a value but no other meaning", () => {
    expect({ ...parse("a = 3; 2a", { variables: { a } }).values }).toEqual({ a: 3 });
    expect(() => parse("a = 2b", { variables: { a } })).toThrow('got "a" again');
    expect(() => parse("a: [2]", { variables: { a } })).toThrow('got "a" again');
    expect(() => parse("a", { variables: { a: 3 as never } })).toThrow(
      "parse: variables must be expressions, got 3 for a",
    );
  });
});

describe("warnings", () => {
  test("a defined e hides Euler's number", () => {
    const { warnings, result } = parse("e = 2x; e^(-x)");
    expect(result).toBe(pow(mul(2, x), parse("-x").result));
    expect(warnings).toEqual([
      "line 1, column 10: e is defined as a name and hides Euler's number, exp(x) is its power",
    ]);
    expect(parse("e^(-x)").warnings).toEqual([]);
    expect(parse("e^(-x)").result).toBe(pow(namedConstant("e"), parse("-x").result));
  });
});

test("a definition of a constant function is no value", () => {
  expect(parse("t = true").definitions.t).toBe(constant(1, "bool"));
});

test("text that is no text is refused", () => {
  expect(() => parse(3 as never)).toThrow("parse: the text must be a string, got 3");
});

test("variables stand in the order the text names them", () => {
  const order = (text: string): string[] => Object.keys(parse(text).variables);
  expect(order("L = c(a + 2b)")).toEqual(["c", "a", "b"]);
  expect(order("d = 2b; e = a + d; L = c e; a = 3")).toEqual(["b", "a", "c"]);
});
