import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenize } from "../../../packages/core/src/parse/tokenize.ts";

function texts(text: string): string[] {
  return tokenize({ text })
    .slice(0, -1)
    .map((token) => token.text);
}

describe("names in one spelling", () => {
  test.each([
    ["x_{12}", "x_12"],
    ["x₁₂", "x_12"],
    ["sum_{h1}", "sum_h1"],
    ["w_{i,j}", "w_i_j"],
    ["w_{ i j }", "w_i_j"],
    ["xᵢ", "x_i"],
    ["x_1₂", "x_12"],
    ["w5'", "w5'"],
    ["w5′", "w5'"],
    ["x_{1}''", "x_1''"],
    ["x″", "x''"],
    ["θ_max", "θ_max"],
    ["𝐱", "𝐱"],
    ["naïve", "naïve"],
  ])("%s is %s", (text, name) => {
    expect(tokenize({ text })[0]).toEqual({ kind: "name", text: name, start: 0, end: text.length });
  });

  test("a name ends with its braces", () => expect(texts("x_{12}y")).toEqual(["x_12", "y"]));
});

describe("signs", () => {
  test.each([
    ["a·b×c⋅d", ["a", "*", "b", "*", "c", "*", "d"]],
    ["a−b", ["a", "-", "b"]],
    ["x²", ["x", "^", "2"]],
    ["x⁻¹²", ["x", "^", "-", "12"]],
    ["xⁿ⁺¹y", ["x", "^", "(", "n", "+", "1", ")", "y"]],
    ["a≤b≠c", ["a", "<=", "b", "!=", "c"]],
    ["√∞", ["√", "Infinity"]],
    ["Aᵀ", ["A", "'"]],
    ["1.*x", ["1", ".*", "x"]],
    ["1. x", ["1.", "x"]],
    ["2e3x", ["2e3", "x"]],
    ["2e-x", ["2", "e", "-", "x"]],
    [".5e+1", [".5e+1"]],
    ["a # rest; of line\nb", ["a", "\n", "b"]],
    ['f("a\\"b")', ["f", "(", 'a"b', ")"]],
    ["a\r\nb\rc", ["a", "\n", "b", "\n", "c"]],
  ])("%s", (text, expected) => expect(texts(text)).toEqual(expected));
});

test("tokens lie in order within the text, and what they leave out is blank or comment", () => {
  const piece = fc.constantFrom(..."abπ12.+-*/^()[]|,;:=<>?_ \n\t²√·'#".split(""));
  fc.assert(
    fc.property(fc.string({ unit: piece, maxLength: 40 }), (text) => {
      let last = 0;
      try {
        for (const { start, end } of tokenize({ text })) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(
            text
              .slice(last, start)
              .replace(/#[^\n]*/g, "")
              .trim(),
          ).toBe("");
          expect(end).toBeGreaterThanOrEqual(start);
          last = end;
        }
        expect(last).toBe(text.length);
      } catch (error) {
        expect((error as Error).name).toBe("ParseError");
      }
    }),
  );
});
