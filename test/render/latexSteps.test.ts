import { add, type Expr, grad, mul, scalar, sigmoid, sin, square } from "@chainrule/core";
import { toLatex } from "@chainrule/render";
import { describe, expect, it } from "vitest";
import { countLetters } from "../support/countLetters.ts";
import { countSteps } from "../support/countSteps.ts";

/** Graphs of about `count` nodes, whose formulas written out would be long, deep or endless. */
const shapes: Readonly<Record<string, (count: number) => Expr>> = {
  "subterms used twice": (count) => {
    let x: Expr = scalar("x");
    const y = scalar("y");
    for (let i = 0; i < count / 4; i++) x = sin(add(mul(x, y), square(x)));
    return x;
  },
  "a deep chain": (count) => {
    let x: Expr = scalar("x");
    for (let i = 0; i < count; i++) x = sigmoid(x);
    return x;
  },
  "a long sum": (count) => {
    let x: Expr = scalar("x");
    const y = scalar("y");
    for (let i = 0; i < count / 2; i++) x = add(x, mul(y, i + 0.5));
    return x;
  },
  "a gradient": (count) => {
    const x = scalar("x");
    let y: Expr = x;
    for (let i = 0; i < count / 5; i++) y = sigmoid(mul(y, x));
    return grad(y, x);
  },
};

describe("LaTeX of 100,000 nodes, with names for subterms", () => {
  for (const [name, make] of Object.entries(shapes)) {
    it(`takes steps in proportion to the nodes for ${name}`, () => {
      const [half, whole] = [50_000, 100_000].map((count) => {
        const expr = make(count);
        let latex = "";
        const steps = countSteps(() => {
          latex = toLatex(expr);
        });
        return { steps, written: latex.length, letters: countLetters(() => void toLatex(expr)) };
      }) as [Measured, Measured];
      expect(half.steps).toBeGreaterThan(50_000);
      expect(whole.steps / half.steps).toBeLessThan(2.3);
      expect(whole.letters / half.letters).toBeLessThan(2.3);
      expect(whole.written / half.written).toBeLessThan(2.3);
    }, 120_000);
  }
});

interface Measured {
  /** Blocks that ran. */
  readonly steps: number;
  /** Letters that were looked at. */
  readonly letters: number;
  readonly written: number;
}
