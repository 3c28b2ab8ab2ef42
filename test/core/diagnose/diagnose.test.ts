import { type Expr, evaluate, Program, sum, variable } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { diagnoseAnswer, misconceptions } from "@chainrule/core/rewrite";
import { describe, expect, it } from "vitest";

const lecture = "d = 2b; k = a + d; L = c k";
const sigmoidUnit = "z = w x + b; h = sigmoid(z); E = (1/2)(t - h)^2";
const twoPaths = "p = sin(x); q = x^2; y = p q + exp(p)";
const threePaths = "y = sin(x) + x^3 + exp(x)";
/** A hidden weight of a network with two outputs; the output weights are used before their update. */
const hidden =
  "h = sigmoid(w_1 i); o_1 = sigmoid(w_5 h); o_2 = sigmoid(w_7 h); E = (t_1 - o_1)^2 / 2 + (t_2 - o_2)^2 / 2";

/** Text, variable, answer, the mistake, and what the sentence must speak of. */
const table: readonly (readonly [string, string, string, string, string])[] = [
  [lecture, "b", "c", "lost factor", "∂d/∂b = 2"],
  [lecture, "b", "2", "upstream factor forgotten", "∂L/∂k = c"],
  [lecture, "b", "2 + c + 1", "sum along a path", "b → d → k → L"],
  [lecture, "b", "a + 2b", "other variable", "∂L/∂c"],
  [lecture, "b", "-2c", "sign", "sign"],
  [lecture, "b", "L", "value instead of derivative", "L itself"],
  [lecture, "b", "0", "not seen to depend", "L depends on b"],
  [lecture, "b", "1 / (2c)", "reciprocal", "∂L/∂b"],
  [sigmoidUnit, "w", "(t - h) h (1 - h) x", "target and output exchanged", "t and h"],
  [sigmoidUnit, "w", "-(t - h) h (1 - h)", "inner derivative forgotten", "= x is missing"],
  [sigmoidUnit, "w", "-(t - h) x", "factor forgotten", "∂h/∂z"],
  [sigmoidUnit, "w", "h (1 - h) x", "upstream factor forgotten", "∂E/∂h"],
  [sigmoidUnit, "w", "-2(t - h) h (1 - h) x", "lost factor", "1 / 2"],
  [
    sigmoidUnit,
    "w",
    "-(t - h) sigmoid(h)(1 - sigmoid(h)) x",
    "derivative taken at the output",
    "input z",
  ],
  [sigmoidUnit, "w", "-(t - h) z (1 - z) x", "derivative taken at the input", "output h"],
  [sigmoidUnit, "w", "-(t - h) h x", "function not differentiated", "sigmoid"],
  [sigmoidUnit, "w", "-(t - h)^2 h (1 - h) x", "exponent not lowered", "lowered"],
  [twoPaths, "x", "cos(x) q + exp(p) cos(x)", "path missing", "x → q"],
  [threePaths, "x", "3x^2", "one path only", "x^3"],
  [threePaths, "x", "3x^2 cos(x) exp(x)", "product over paths", "added, not multiplied"],
  ["y = sin(x^3)", "x", "x^2 cos(x^3)", "exponent not brought down", "factor"],
  ["y = 2^x", "x", "x * 2^(x - 1)", "exponential taken for a power", "exponent"],
  ["y = exp(x)", "x", "x exp(x - 1)", "exponential taken for a power", "exponent"],
  [
    "y = sin(x) / x^2",
    "x",
    "(sin(x) * 2x - cos(x) x^2) / x^4",
    "quotient rule in wrong order",
    "sin(x)",
  ],
  ["y = sin(x) / x^2", "x", "(cos(x) x^2 - sin(x) * 2x) / x^2", "denominator not squared", "x^2"],
  ["y = sin(x) / x^2", "x", "cos(x) / (2x)", "quotient of the derivatives", "quotient"],
  ["y = sin(x) x^2", "x", "cos(x) * 2x", "product of the derivatives", "product"],
  ["y = cos(x)", "x", "sin(x)", "sign", "∂y/∂x = -sin(x)"],
  ["y = a - sin(x)", "x", "cos(x)", "sign", "= -1 is lost"],
  ["u = x^2 + a; y = sin(x) a", "x", "2x", "other output", "∂u/∂x"],
];

function read(program: Program, text: string): Expr {
  return parse(text, { variables: { ...program.variables, ...program.definitions } }).result;
}

function evaluateAt(expr: Expr, point: Readonly<Record<string, number>>): number {
  return evaluate(expr, point, { extra: "allow" }) as number;
}

describe("diagnoseAnswer", () => {
  it.each(table)("%s by %s: %s is %s", (source, by, answer, name, says) => {
    const program = parse(source);
    const verdict = diagnoseAnswer(program, { by }, read(program, answer));
    expect(verdict.correct).toBe(false);
    const [first] = verdict.misconceptions;
    expect(first?.name).toBe(name);
    expect(first?.sentence).toContain(says);
  });

  it.each(table)("%s by %s: the number of %s is %s", (source, by, answer, name) => {
    const program = parse(source);
    const point = Object.fromEntries(
      Object.keys(program.variables).map((key, i) => [key, 0.3 + 0.37 * i]),
    );
    const value = evaluateAt(read(program, answer), point);
    const { correct, misconceptions: found } = diagnoseAnswer(program, { by }, value, {
      at: point,
    });
    expect(correct).toBe(false);
    expect(found.map((mistake) => mistake.name)).toContain(name);
  });

  it("takes every right form, and the program's own values for numbers", () => {
    const program = parse(`${lecture}; a = 3; b = 1; c = -2`);
    for (const text of ["2c", "c * 2", "c + c", "2L / k", "4c / 2"]) {
      const { correct } = diagnoseAnswer(program, { of: "L", by: "b" }, read(program, text));
      expect(correct).toBe(true);
    }
    expect(diagnoseAnswer(program, { of: "L", by: "b" }, -4).correct).toBe(true);
    expect(diagnoseAnswer(program, { of: "L", by: "b" }, 4).misconceptions[0]?.name).toBe("sign");
    expect(diagnoseAnswer(program, { of: "L", by: "k" }, -2).correct).toBe(true);
  });

  it("names an output weight that was updated too early", () => {
    const program = parse(hidden);
    const at = { i: 0.1, w_1: 0.1, w_5: 0.5, w_7: 0.7, t_1: 0.05, t_2: 0.95 };
    const late = { rate: 0.6, at };
    const delta = "-(t_1 - o_1) o_1 (1 - o_1)";
    const other = "-(t_2 - o_2) o_2 (1 - o_2)";
    const both = `(${delta} (w_5 - 0.6 ${delta} h) + ${other} (w_7 - 0.6 ${other} h)) h (1 - h) i`;
    const answer = read(program, both.replaceAll("0.6 -", "0.6 * -"));
    const verdict = diagnoseAnswer(program, { by: "w_1" }, evaluateAt(answer, at), late);
    expect(verdict.misconceptions[0]?.name).toBe("updated weight");
    expect(verdict.misconceptions[0]?.sentence).toContain("w_5, w_7");
  });

  it("says where there is no path", () => {
    const program = parse("u = x^2; y = sin(a)");
    const verdict = diagnoseAnswer(program, { of: "y", by: "x" }, read(program, "2x"));
    expect(verdict.misconceptions.map(({ name }) => name)).toEqual(["no path"]);
    expect(verdict.misconceptions[0]?.sentence).toBe("No path leads from x to y, so ∂y/∂x = 0.");
    expect(diagnoseAnswer(program, { of: "y", by: "x" }, 0, { at: { x: 1, a: 2 } }).correct).toBe(
      true,
    );
  });

  it("claims nothing of an answer that no mistake explains", () => {
    const program = parse(lecture);
    const verdict = diagnoseAnswer(program, { by: "b" }, read(program, "17c^3"));
    expect([verdict.correct, verdict.misconceptions]).toEqual([false, []]);
  });

  it("judges tensors as a whole", () => {
    const v = variable("v", ["n"]);
    const program = new Program({ definitions: { y: sum(v.mul(v)) } });
    expect(diagnoseAnswer(program, { by: "v" }, v.mul(2)).correct).toBe(true);
    expect(diagnoseAnswer(program, { by: "v" }, v.mul(-2)).misconceptions[0]?.name).toBe("sign");
  });

  it("refuses what is no part of the program", () => {
    const program = parse(lecture);
    expect(() => diagnoseAnswer(program, { by: "z" }, 1)).toThrow(
      'diagnoseAnswer: a name must belong to the program (b, a, c, d, k, L), got "z"',
    );
    expect(() => diagnoseAnswer(program, { by: "b" }, "2c" as never)).toThrow(
      "diagnoseAnswer: an answer must be an expression or a number",
    );
  });

  it("knows two dozen kinds of mistakes", () => {
    expect(new Set(misconceptions.map(({ name }) => name)).size).toBeGreaterThanOrEqual(24);
  });
});
