import {
  abs,
  add,
  type Expr,
  log,
  mul,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  variable,
} from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { equivalent, seededRandom } from "@chainrule/core/rewrite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomScalar } from "../support/randomScalar.ts";

const x = scalar("x");
const y = scalar("y");

function text(source: string): Expr {
  return parse(source).result;
}

describe("equivalent", () => {
  it("knows one node", () => {
    expect(equivalent(add(x, y), add(x, y))).toEqual({
      equivalent: true,
      by: "structure",
      points: 0,
    });
    expect(equivalent(2, 2).by).toBe("structure");
  });

  it.each([
    ["c(a + 2b)", "c a + 2b c"],
    ["(x + 1)^2", "x^2 + 2x + 1"],
    ["-2(t - y)", "2y - 2t"],
    ["sigmoid(x) sigmoid(-x)", "sigmoid(x)(1 - sigmoid(x))"],
    ["sin(x)^2 + cos(x)^2", "1 + 0x"],
    ["x / x^3", "x^(-2)"],
  ])("%s = %s by simplification", (a, b) => {
    const verdict = equivalent(text(a), text(b));
    expect(verdict).toEqual({ equivalent: true, by: "simplification", points: 0 });
  });

  it.each([
    ["sin(2x)", "2sin(x) cos(x)"],
    ["tanh(x)", "2sigmoid(2x) - 1"],
    ["exp(x) exp(y)", "exp(x + y)"],
    ["log(x y)", "log(x) + log(y)"],
  ])("%s = %s at points of the domain", (a, b) => {
    const verdict = equivalent(text(a), text(b));
    expect([verdict.equivalent, verdict.by, verdict.points]).toEqual([true, "points", 12]);
  });

  it.each([
    ["x^2", "2x"],
    ["sqrt(x^2)", "x"],
    ["a - b", "b - a"],
    ["0.001x", "0.0011x"],
  ])("%s ≠ %s, with a counterexample", (a, b) => {
    const { equivalent: same, counterexample } = equivalent(text(a), text(b));
    expect(same).toBe(false);
    const [left, right] = counterexample?.values ?? [];
    expect(left).not.toBeCloseTo(right as number, 6);
    expect(counterexample?.point.size).toBeGreaterThan(0);
  });

  it("compares tensors of named sizes, and tells shapes apart", () => {
    const v = variable("v", ["n"]);
    const w = variable("w", ["n"]);
    expect(equivalent(sum(square(v)), sum(mul(v, v))).equivalent).toBe(true);
    expect(equivalent(sum(mul(v, w)), mul(sum(v), sum(w))).equivalent).toBe(false);
    expect(equivalent(v, sum(v)).by).toBe("shape");
  });

  it("takes single precision as it rounds", () => {
    const s = scalar("s", "f32");
    expect(equivalent(tanh(s), sub(mul(2, text("sigmoid(2x)")), 1)).equivalent).toBe(false);
    expect(equivalent(mul(tanh(s), 3), add(tanh(s), mul(tanh(s), 2))).equivalent).toBe(true);
  });

  it("draws from the domain given, and says where nothing is finite", () => {
    const left = abs(x);
    expect(equivalent(left, x, { domain: { x: [1, 2] } }).by).toBe("points");
    expect(equivalent(left, x, { domain: { x: [-2, -1] } }).equivalent).toBe(false);
    const nowhere = sqrt(sub(-1, square(x)));
    expect(equivalent(nowhere, log(nowhere)).by).toBe("undecided");
    expect(() => equivalent(x, y, { points: 0 })).toThrow("equivalent: points must be");
  });

  it("finds the same counterexample every time", () => {
    const draw = (): unknown => equivalent(x, y, { random: seededRandom(7) }).counterexample;
    expect(draw()).toEqual(draw());
  });

  it("is reflexive, and tells e from e + |e| + 1", () => {
    fc.assert(
      fc.property(randomScalar, (expr) => {
        expect(equivalent(expr, expr).equivalent).toBe(true);
        const other = add(expr, add(abs(expr), 1));
        expect(equivalent(expr, other).equivalent).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
