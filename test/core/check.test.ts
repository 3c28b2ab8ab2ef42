import {
  abs,
  assertGradients,
  checkGradients,
  constant,
  type Expr,
  elementwise,
  mul,
  named,
  real,
  scalar,
  square,
  sum,
  type Unary,
  variable,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";

const x = scalar("x");

/** A user's own op whose derivative is wrong: 3x² + 1 in place of 3x². */
const cube: Unary = elementwise({
  name: "cube",
  domain: [real],
  evaluate: (value) => value ** 3,
  partials: [(value): Expr => mul(3, square(value)).add(1)],
  notation: named("cube"),
});

describe("checkGradients", () => {
  it("confirms a right derivative, entry by entry", () => {
    const W = variable("W", [2, 2]);
    const { ok, entries } = checkGradients(sum(mul(square(W), x)), {
      W: [
        [1, 2],
        [3, -4],
      ],
      x: 2,
    });
    expect(ok).toBe(true);
    expect(entries).toHaveLength(5);
    expect(
      entries.find(({ name, index }) => name === "W" && index.join() === "1,1")?.derivative,
    ).toBe(-16);
  });

  it("finds the wrong rule of a user's own op, and says which entry", () => {
    const { ok, entries } = checkGradients(cube(x), { x: 2 });
    expect(ok).toBe(false);
    expect(entries[0]?.derivative).toBe(13);
    expect(entries[0]?.difference).toBeCloseTo(12, 8);
    expect(() => assertGradients(cube(x), { x: 2 })).toThrow(
      /^assertGradients: the derivative by x must be 1[12].* \(by differences\), got 13; 1 of 1/,
    );
  });

  it("weighs a tensor to a scalar, takes functions, and checks both modes to second order", () => {
    const { ok, entries } = checkGradients(
      (a, b) => mul(square(a as Expr), b as Expr),
      [new Float64Array([1, -2]), [[2], [0.5]]],
      { order: 2 },
    );
    expect(ok).toBe(true);
    expect(entries).toHaveLength(8);
    expect(entries.map(({ forward }) => Number.isFinite(forward))).not.toContain(false);
  });

  it("tells a kink from a wrong rule", () => {
    const { worst } = checkGradients(abs(x), { x: 2e-4 });
    expect(worst?.ok).toBe(false);
    expect(worst?.uncertainty).toBeGreaterThan(0.01);
    expect(() => assertGradients(abs(x), { x: 2e-4 })).toThrow(
      /by differences; they disagree, as at a kink/,
    );
    const wrong = checkGradients(cube(x), { x: 2 }).worst;
    expect(wrong?.uncertainty).toBeLessThan(1e-9);
  });

  it("finds a wrong second derivative under a right first one", () => {
    const tripled = elementwise({
      name: "tripled",
      domain: [real],
      evaluate: (value) => 3 * value ** 2,
      partials: [() => constant(6)],
      notation: named("tripled"),
    });
    const cubed = elementwise({
      name: "cubed",
      domain: [real],
      evaluate: (value) => value ** 3,
      partials: [(value) => tripled(value)],
      notation: named("cubed"),
    });
    expect(checkGradients(cubed(x), { x: 2 }).ok).toBe(true);
    const { ok, entries } = checkGradients(cubed(x), { x: 2 }, { order: 2 });
    expect(ok).toBe(false);
    expect(entries.map((entry) => [entry.order, entry.ok])).toEqual([
      [1, true],
      [2, false],
    ]);
  });

  it("refuses what it cannot check", () => {
    expect(() => checkGradients(square(x), [1])).toThrow(/by name or node, got an array/);
    expect(() => checkGradients(() => x, { x: 1 })).toThrow(/must be an array/);
    expect(() => checkGradients("x" as never, [])).toThrow(/expression or a function/);
    expect(() => checkGradients(square(x), {})).toThrow(/every input must have a value/);
  });

  it("checks single precision with the tolerance it can have", () => {
    const y = scalar("y", "f32");
    expect(checkGradients(square(y), { y: 3 }).ok).toBe(true);
  });

  it("refuses what is no input of the output", () => {
    expect(() => checkGradients(square(x), { x: 1 }, { wrt: [scalar("z")] })).toThrow(
      /derivatives must be by inputs/,
    );
  });
});
