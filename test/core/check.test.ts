import {
  assertGradients,
  checkGradients,
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
    expect(entries.find(({ name, index }) => name === "W" && index === 3)?.derivative).toBe(-16);
  });

  it("finds the wrong rule of a user's own op, and says which entry", () => {
    const { ok, entries } = checkGradients(cube(x), { x: 2 });
    expect(ok).toBe(false);
    expect(entries[0]?.derivative).toBe(13);
    expect(entries[0]?.difference).toBeCloseTo(12, 8);
    expect(() => assertGradients(cube(x), { x: 2 })).toThrow(/by x\[0\] must be (?:12|11\.9)/);
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
