import {
  add,
  BindingError,
  type Bindings,
  constant,
  type Expr,
  evaluate,
  mul,
  parameter,
  scalar,
  sum,
  Tensor,
  variable,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";

const x = scalar("x");
const v = variable("v", [2]);
const rows = variable("rows", ["n", 2]);
const weights = variable("weights", ["n"]);
const whole = scalar("whole", "i32");
const truth = scalar("truth", "bool");

describe("values that fit", () => {
  it.each([
    [[3, 4]],
    [Float64Array.of(3, 4)],
    [Float32Array.of(3, 4)],
    [Int32Array.of(3, 4)],
    [Uint8Array.of(3, 4)],
    [new Tensor([2], Float64Array.of(3, 4))],
    [[true, 6] as const],
  ])("%s for a vector", (value) => {
    expect(evaluate(sum(v), { v: value as number[] })).toBe(7);
  });

  it("flat typed arrays take the declared shape, one named size being open", () => {
    const flat = Float64Array.of(1, 2, 3, 4, 5, 6);
    expect(evaluate(sum(rows, 0), { rows: flat })).toMatchObject({ data: Float64Array.of(9, 12) });
  });

  it("are rounded to single precision, by element", () => {
    const single = scalar("single", "f32");
    expect(evaluate(single, { single: 0.1 })).toBe(Math.fround(0.1));
  });

  it("truth values are numbers", () => {
    expect(evaluate(add(truth, 1), { truth: true })).toBe(2);
  });

  it("go to parameters by node, however they are labelled", () => {
    const [a, b] = [parameter("w"), parameter("w")];
    expect(
      evaluate(
        mul(a, b),
        new Map([
          [a, 2],
          [b, 3],
        ]),
      ),
    ).toBe(6);
  });

  it("beyond need are passed over, or refused on request", () => {
    expect(evaluate(x, { x: 1, unused: 2 })).toBe(1);
    expect(() => evaluate(x, { x: 1, y: 2 }, { extra: "refuse" })).toThrow(
      new BindingError('evaluate: values must belong to an input (x), got "y"'),
    );
    expect(() => evaluate(constant(1), { y: 2 }, { extra: "refuse" })).toThrow(
      'evaluate: values must belong to an input (there is none), got "y"',
    );
    expect(() =>
      evaluate(
        x,
        new Map([
          [x, 1],
          [v, 2],
        ]),
        { extra: "refuse" },
      ),
    ).toThrow("evaluate: bound nodes must be inputs of the expressions, got v");
  });
});

describe("values that do not fit", () => {
  const both = add(sum(rows), sum(weights));
  const cases: readonly (readonly [string, Expr, unknown, string])[] = [
    ["none", add(x, sum(v)), {}, "every input must have a value, got none for x, v"],
    ["a misspelt name", x, { X: 1 }, "got none for x; no input bears the name X"],
    ["undefined", x, { x: undefined }, "got none for x"],
    ["a vector for a number", x, { x: [1, 2] }, "x: shape must be [], got [2]"],
    ["a number for a vector", v, { v: 1 }, "v: shape must be [2], got []"],
    ["another length", v, { v: [1, 2, 3] }, "v: shape must be [2], got [3]"],
    ["another rank", v, { v: [[1, 2]] }, "v: shape must be [2], got [1, 2]"],
    [
      "a flat array of another length",
      v,
      { v: new Float64Array(3) },
      "v: shape must be [2], got [3]",
    ],
    ["a flat array that leaves a rest", rows, { rows: new Float64Array(3) }, "got [3]"],
    [
      "two lengths of one size",
      both,
      { rows: [[1, 2]], weights: [1, 2] },
      'size "n" must be 1 as in the inputs before, got shape [2]',
    ],
    [
      "rows of different lengths",
      rows,
      { rows: [[1, 2], [3]] },
      "rows must have equal lengths, got an array of 1 beside an array of 2",
    ],
    ["a text", x, { x: "1" }, 'x: a value must be a number, an array or a tensor, got "1"'],
    ["a text in an array", v, { v: [1, "2"] }, 'v: elements must be numbers, got "2"'],
    [
      "an object",
      x,
      { x: {} },
      "x: a value must be a number, an array or a tensor, got an object {}",
    ],
    ["null", x, { x: null }, "x: a value must be a number, an array or a tensor, got null"],
    [
      "a fraction for an integer",
      whole,
      { whole: 1.5 },
      "whole: elements must be a 32-bit integer, got 1.5",
    ],
    [
      "too large an integer",
      whole,
      { whole: 2 ** 31 },
      "whole: elements must be a 32-bit integer, got 2147483648",
    ],
    ["a number for a truth value", truth, { truth: 2 }, "truth: elements must be 0 or 1, got 2"],
    ["no bindings at all", x, null, "values must be given by name or by node, got null"],
    ["a map with other keys", x, new Map([["x", 1]]), 'keys of a map must be nodes, got "x"'],
  ];

  it.each(cases)("%s", (_name, output, bindings, message) => {
    const attempt = (): unknown => evaluate(output, bindings as Bindings);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(/^evaluate: /);
  });

  it("an array that nests without end", () => {
    const endless: unknown[] = [];
    endless.push(endless);
    expect(() => evaluate(v, { v: endless as number[] })).toThrow(
      "evaluate: v: arrays must nest at most 32 deep, got more",
    );
  });

  it("a name that two inputs bear", () => {
    const wide = variable("x", [2]);
    expect(() => evaluate(mul(x, wide), { x: 1 })).toThrow(
      'evaluate: a name must stand for one node, got "x" for variable f64[] and variable f64[2]; bind by node, in a Map',
    );
    const product = evaluate(
      mul(x, wide),
      new Map<Expr, number | number[]>([
        [x, 2],
        [wide, [1, 3]],
      ]),
    );
    expect(product).toMatchObject({ data: Float64Array.of(2, 6) });
  });

  it("many missing names are counted, not listed", () => {
    const many = Array.from({ length: 15 }, (_, i) => scalar(`n${i}`));
    expect(() => evaluate(many, {})).toThrow(/n9 and 5 more$/);
  });

  it("names that objects inherit are no bindings", () => {
    expect(() => evaluate(scalar("toString"), {})).toThrow("got none for toString");
    expect(evaluate(scalar("__proto__"), new Map([[scalar("__proto__"), 3]]))).toBe(3);
  });
});
