import { variable } from "@chainrule/core";
import {
  build,
  constantInitial,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initial,
  type Initialiser,
  layer,
  lecunNormal,
  lecunUniform,
  normal,
  orthogonal,
  Registry,
  random,
  smallUniform,
  uniform,
} from "@chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function draw(initialiser: Initialiser, shape: readonly number[], fanIn = 1, fanOut = 1): number[] {
  return Array.from(initialiser({ shape, fanIn, fanOut, random: () => random(1, "test") }));
}

const fanIn = 30;
const fanOut = 20;

describe("initialisers", () => {
  it.each([
    ["glorotUniform", glorotUniform(), 2 / 50, Math.sqrt(6 / 50)],
    ["glorotNormal", glorotNormal(), 2 / 50, undefined],
    ["heUniform", heUniform(), 2 / 30, Math.sqrt(6 / 30)],
    ["heNormal", heNormal(), 2 / 30, undefined],
    ["lecunUniform", lecunUniform(), 1 / 30, Math.sqrt(3 / 30)],
    ["lecunNormal", lecunNormal(), 1 / 30, undefined],
    ["smallUniform", smallUniform(), 1 / 12, 0.5],
    ["uniform", uniform(-2, 2), 16 / 12, 2],
    ["normal", normal({ deviation: 3 }), 9, undefined],
  ])("%s has mean 0 and the variance it promises", (_name, initialiser, variance, bound) => {
    const drawn = draw(initialiser, [100, 200], fanIn, fanOut);
    const mean = drawn.reduce((sum, item) => sum + item, 0) / drawn.length;
    const second = drawn.reduce((sum, item) => sum + item * item, 0) / drawn.length;
    const deviation = Math.sqrt(variance);
    expect(Math.abs(mean)).toBeLessThan((5 * deviation) / Math.sqrt(drawn.length));
    expect(Math.abs(second / variance - 1)).toBeLessThan(
      (5 * Math.SQRT2) / Math.sqrt(drawn.length),
    );
    if (bound !== undefined) expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(bound);
  });

  it("orthogonal gives rows or columns of length gain at right angles", () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(size, size, fc.constantFrom(1, 2.5), (first, second, gain) => {
        const drawn = draw(orthogonal({ gain }), [first, second]);
        const wide = first <= second;
        const at = (i: number, k: number) =>
          drawn[wide ? i * second + k : k * second + i] as number;
        for (let i = 0; i < Math.min(first, second); i++) {
          for (let j = 0; j <= i; j++) {
            let product = 0;
            for (let k = 0; k < Math.max(first, second); k++) product += at(i, k) * at(j, k);
            expect(product).toBeCloseTo(i === j ? gain * gain : 0, 12);
          }
        }
      }),
    );
  });

  it("constants and explicit values are taken as they are", () => {
    expect(draw(constantInitial(0.25), [2, 2])).toEqual([0.25, 0.25, 0.25, 0.25]);
    const initial = (given: Initial, shape: readonly number[]) => {
      const registry = new Registry(undefined);
      const probe = layer("probe", (x, scope) => x.add(scope.parameter("p", shape, given).sum()));
      build(probe, variable("x", []), { registry });
      return Array.from(registry.kept.get("p")?.initial() ?? []);
    };
    expect(initial(3, [2])).toEqual([3, 3]);
    const rows = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(initial(rows, [2, 3])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(() => initial(rows, [3, 2])).toThrow(
      "p: initial values must have shape [3, 2], got [2, 3]",
    );
    expect(() => initial([[1], [2, 3]], [2, 2])).toThrow("p: rows must have equal lengths");
    expect(() => initial(undefined as never, [2])).toThrow(
      "p: an initial value must be an initialiser, a number or the values, got undefined",
    );
    expect(() => initial(() => [1], [2])).toThrow(
      "p: an initialiser must give 2 elements for shape [2], got 1",
    );
  });
});
