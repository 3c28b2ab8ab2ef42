import { type MathFunction, type MathLane, mathFunctions } from "@chainrule/compile";
import { describe, expect, it } from "vitest";
import { evaluator } from "../../../packages/compile/scripts/evaluator.ts";

const names = (Object.keys(mathFunctions) as MathFunction[]).filter(
  (name) => mathFunctions[name].single !== undefined,
);
const evaluate = evaluator(names);

const MOST = 50_000;

/** Units in the last place that the documentation states. */
const bounds: Partial<Record<MathFunction, number>> = { exp: 2, sigmoid: 3, tanh: 3 };

/** Singles of all magnitudes and signs: every 16411th by its bits, a prime, and the special ones. */
const points = [
  ...[
    0,
    -0,
    1,
    -1,
    2 ** -149,
    -(2 ** -149),
    88.72283,
    88.722839,
    89,
    -87.3,
    -103.97,
    -103.98,
    -104,
  ],
  ...[0.625, -0.625, 0.62499994, 9, -9, 3.4028235e38, -3.4028235e38, Infinity, -Infinity, NaN],
  ...new Float32Array(Uint32Array.from({ length: 2 ** 18 }, (_, i) => i * 16411).buffer),
  // Where the functions are neither 0, 1 nor x.
  ...Array.from({ length: 2 ** 17 }, (_, i) => (i - 2 ** 16) / 625),
].map(Math.fround);

/** Distance in units in the last place of single precision. */
function distance(got: number, want: number): number {
  if (Object.is(got, want)) return 0;
  const size = Math.max(Math.abs(want), 2 ** -126);
  return Math.abs(got - want) / 2 ** (Math.floor(Math.log2(size)) - 23);
}

/** Values at all points, as many at a time as the evaluator's memory takes. */
function values(name: MathFunction, lane: MathLane): Float64Array {
  const out = new Float64Array(points.length);
  for (let start = 0; start < points.length; start += MOST) {
    const some = points.slice(start, start + MOST);
    out.set(evaluate(name, lane, Float64Array.from(some.flatMap((x) => [x, 0]))), start);
  }
  return out;
}

describe.each(names)("%s in single precision", (name) => {
  it("is near the exact value, and has special values", () => {
    const exact = values(name, "f64");
    const got = values(name, "f32");
    let [worst, at] = [0, 0];
    for (const [i, want] of exact.entries()) {
      const rounded = Math.fround(want);
      const special = !Number.isFinite(rounded) || rounded === 0 || Number.isNaN(rounded);
      const apart = special
        ? Object.is(got[i], rounded)
          ? 0
          : 1e9
        : distance(got[i] as number, want);
      if (apart > worst) [worst, at] = [apart, points[i] as number];
    }
    expect(worst, `at ${at}`).toBeLessThanOrEqual(bounds[name] as number);
  });

  it("has the same bits in one lane and in four", () => {
    const one = values(name, "f32");
    const four = values(name, "f32x4");
    expect(points.filter((_, i) => !Object.is(one[i], four[i]))).toEqual([]);
  });
});
