import { assertGradients, type Expr, evaluate, grad, scalar } from "@chainrule/core";
import { hardSigmoid, hardTanh, identity, mish, selu, softsign } from "@chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const x = scalar("x");

function both(f: (x: Expr) => Expr, at: number): readonly [number, number] {
  const y = f(x);
  const [value, slope] = evaluate([y, grad(y, [x])[0]], { x: at });
  return [value as number, slope as number];
}

describe("activations", () => {
  it("have the derivatives that differences show, away from kinks", () => {
    const kinks = [-3, -1, 0, 1, 3];
    const points = fc
      .double({ min: -8, max: 8, noNaN: true })
      .filter((at) => kinks.every((kink) => Math.abs(at - kink) > 0.01));
    fc.assert(
      fc.property(points, (at) => {
        for (const f of [hardSigmoid, hardTanh, identity, mish, selu, softsign]) {
          assertGradients((y) => f(y), [at]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("take the right branch at kinks, or the left one of PyTorch", () => {
    expect(both(selu, 0)).toEqual([0, 1.0507009873554805]);
    const [, left] = both((y) => selu(y, { atZero: 0 }), 0);
    expect(left).toBeCloseTo(1.0507009873554805 * 1.6732632423543772, 15);
    expect(both(hardTanh, 1)).toEqual([1, 1]);
    expect(both(hardSigmoid, 3)[0]).toBe(1);
  });

  it("keep their tails", () => {
    // x e⁻ˣ-like: −60 e⁻⁶⁰ and (1 − 60) e⁻⁶⁰, the next terms being smaller by e⁻⁶⁰.
    const [value, slope] = both(mish, -60);
    expect(value / (-60 * Math.exp(-60))).toBeCloseTo(1, 14);
    expect(slope / (-59 * Math.exp(-60))).toBeCloseTo(1, 13);
    expect(both(mish, 700)).toEqual([700, 1]);
    expect(both(softsign, 1e200)[0]).toBe(1);
    expect(both(softsign, -3)).toEqual([-0.75, 1 / 16]);
    expect(both(hardTanh, -7)).toEqual([-1, 0]);
  });

  it("selu keeps mean 0 and variance 1", () => {
    // Both moments over the normal distribution, by the trapezoidal rule on a fine grid.
    const step = 0.01;
    let [mean, square] = [0, 0];
    for (let k = -900; k <= 900; k++) {
      const at = k * step;
      const y = evaluate(selu(x), { x: at }) as number;
      const weight = (step * Math.exp(-at * at * 0.5)) / Math.sqrt(2 * Math.PI);
      mean += weight * y;
      square += weight * y * y;
    }
    expect(mean).toBeCloseTo(0, 4);
    expect(square).toBeCloseTo(1, 4);
  });
});
