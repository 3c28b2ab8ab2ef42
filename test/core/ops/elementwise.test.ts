import {
  add,
  clip,
  constant,
  type Expr,
  elu,
  evaluate,
  grad,
  greater,
  isScalar,
  leakyRelu,
  log,
  logicalXor,
  max,
  min,
  mod,
  mul,
  pow,
  relu,
  round,
  scalar,
  sqrt,
  square,
  step,
  sum,
  topological,
  toText,
  variable,
  where,
} from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const x = scalar("x");
const y = scalar("y");
const slope = (of: Expr, by: Expr, at: Record<string, number>): number =>
  evaluate(grad(of, by), at) as number;

describe("powers", () => {
  it("of a constant exponent never make a logarithm", () => {
    for (const exponent of [3, 0.5, -2, 0]) {
      const derivative = grad(pow(x, exponent), x);
      expect(topological([derivative]).nodes.map(({ op }) => op.name)).not.toContain("log");
    }
    expect(slope(pow(x, 3), x, { x: -2 })).toBe(12);
    expect(slope(pow(x, 0), x, { x: 0 })).toBe(0);
    expect(slope(pow(x, 2), x, { x: 0 })).toBe(0);
  });

  it("of exponents in a tensor keep 0 at (0, 0)", () => {
    const v = variable("v", [3]);
    const derivative = grad(sum(pow(v, constant([0, 1, 2]))), v);
    expect(evaluate(derivative, { v: [0, 0, 0] })).toMatchObject({
      data: Float64Array.of(0, 1, 0),
    });
  });

  it("xˣ has the derivative xˣ (ln x + 1)", () => {
    expect(slope(pow(x, x), x, { x: 2 })).toBeCloseTo(4 * (Math.LN2 + 1), 14);
  });
});

describe("rounding", () => {
  it("takes halves away from 0, and every other number to the nearest", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        const rounded = evaluate(round(constant(value)));
        expect(Number.isInteger(rounded)).toBe(true);
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.5);
        if (Math.abs(rounded - value) === 0.5) {
          expect(Math.abs(rounded)).toBeGreaterThan(Math.abs(value));
        }
      }),
      { examples: [[0.5], [-0.5], [1.5], [-2.5], [0.49999999999999994], [-0.49999999999999994]] },
    );
  });

  it("mod lies between 0 and its divisor and differs by a whole multiple", () => {
    const number = fc.integer({ min: -10_000, max: 10_000 });
    fc.assert(
      fc.property(number, number, (a, b) => {
        fc.pre(b !== 0);
        const rest = evaluate(mod(constant(a), b));
        expect(b > 0 ? rest >= 0 && rest < b : rest <= 0 && rest > b).toBe(true);
        expect(Number.isInteger((a - rest) / b)).toBe(true);
      }),
    );
  });

  it("stops even an infinite adjoint", () => {
    // √ has an infinite slope at ⌊0.5⌋ = 0, where a product with 0 would be no number.
    expect(slope(sqrt(step(x)), x, { x: -1 })).toBe(0);
    expect(slope(log(relu(x)), x, { x: -1 })).toBe(0);
  });
});

describe("rectifiers", () => {
  it("take the right branch at 0, or the left one on request", () => {
    expect(slope(relu(x), x, { x: 0 })).toBe(1);
    expect(slope(relu(x, { atZero: 0 }), x, { x: 0 })).toBe(0);
    expect(slope(leakyRelu(x), x, { x: 0 })).toBe(1);
    expect(slope(leakyRelu(x, { alpha: 0.2, atZero: 0 }), x, { x: 0 })).toBe(0.2);
    expect(slope(elu(x, { alpha: 2, atZero: 0 }), x, { x: 0 })).toBe(2);
  });

  it("are one node with and without the options that are usual", () => {
    expect(relu(x, { atZero: 1 })).toBe(relu(x));
    expect(leakyRelu(x, { alpha: 0.01 })).toBe(leakyRelu(x));
    expect(elu(x, { alpha: 1, atZero: 1 })).toBe(elu(x));
    expect(step(x, { atZero: 1 })).toBe(step(x));
    expect(step(x, { atZero: 0.5 })).not.toBe(step(x));
  });

  it("print their options in order", () => {
    expect(toText(leakyRelu(x, { alpha: 0.2 }))).toBe("leakyRelu(x, 0.2)");
    expect(toText(leakyRelu(x, { atZero: 0 }))).toBe("leakyRelu(x, 0.01, 0)");
  });

  it("refuse what no option may be", () => {
    expect(() => relu(x, { atZero: 0.5 as never })).toThrow("relu: atZero must be 0 or 1, got 0.5");
    expect(() => leakyRelu(x, { alpha: Number.NaN })).toThrow(
      "leakyRelu: alpha must be a finite number, got NaN",
    );
    expect(() => step(x, { atZero: "1" as never })).toThrow(
      'step: atZero must be a finite number, got "1"',
    );
    expect(() => relu("x" as never)).toThrow(
      'relu: operands must be expressions or numbers, got "x"',
    );
  });

  it("keep the types of scalars and of single precision", () => {
    expect(isScalar(relu(x))).toBe(true);
    expect(leakyRelu(scalar("f", "f32"), { alpha: 0.1 }).dtype).toBe("f32");
    expect(grad(leakyRelu(scalar("f", "f32"), { alpha: 0.1 }), scalar("f", "f32")).dtype).toBe(
      "f32",
    );
  });
});

describe("bounds", () => {
  it("clip is min(max(x, low), high), in value and derivatives away from ties", () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true });
    const [a, b, c] = [scalar("a"), scalar("b"), scalar("c")];
    const gradients = [clip(a, b, c), min(max(a, b), c)].flatMap((of) => [
      of,
      ...grad(of, [a, b, c]),
    ]);
    fc.assert(
      fc.property(number, number, number, (p, q, r) => {
        fc.pre(p !== q && q !== r && p !== r);
        const values = evaluate(gradients, { a: p, b: q, c: r });
        expect(values.slice(0, 4)).toEqual(values.slice(4));
      }),
    );
  });

  it("derivatives of min and max add up to 1, ties included", () => {
    for (const of of [min(x, y), max(x, y)]) {
      for (const [p, q] of [
        [1, 2],
        [2, 1],
        [1, 1],
        [0, -0],
      ] as const) {
        const [dx, dy] = evaluate(grad(of, [x, y]), { x: p, y: q });
        expect((dx as number) + (dy as number)).toBe(1);
      }
    }
    expect(slope(max(x, x), x, { x: 3 })).toBe(1);
  });
});

describe("where", () => {
  it("lets nothing through from the side not taken, in chains, sums and reductions", () => {
    const safe = where(greater(x, 0), mul(sqrt(x), log(x)), square(x));
    expect(slope(safe, x, { x: 0 })).toBe(0);
    expect(slope(grad(safe, x), x, { x: 0 })).toBe(2);
    const v = variable("v", [3]);
    const total = sum(where(greater(v, 0), add(log(v), sqrt(v)), 0));
    expect(evaluate(grad(total, v), { v: [0, 1, -1] })).toMatchObject({
      data: Float64Array.of(0, 1.5, 0),
    });
  });
});

describe("logic", () => {
  it("xor holds for one but not both", () => {
    const values = [0, 1].flatMap((p) =>
      [0, 2].map((q) => evaluate(logicalXor(constant(p), constant(q)))),
    );
    expect(values).toEqual([0, 1, 1, 0]);
  });
});
