import {
  ArgumentError,
  constant,
  DTypeError,
  type Expr,
  evaluate,
  grad,
  mul,
  ShapeError,
  scalar,
  sum,
  type Tensor,
  variable,
} from "@chainrule/core";
import {
  foldIn,
  randomBernoulli,
  randomBits,
  randomIntegers,
  randomKey,
  randomNormal,
  randomUniform,
  splitKey,
  threefry,
} from "@chainrule/core/random";
import { describe, expect, it } from "vitest";

const words = (y: Expr): number[] => Array.from((evaluate(y) as Tensor).data, (word) => word >>> 0);
const numbers = (y: Expr): number[] => [...(evaluate(y) as Tensor).data];
const signed = (...all: number[]): Expr =>
  constant(
    all.map((word) => word | 0),
    "i32",
  );

describe("threefry", () => {
  // Random123, tests/kat_vectors, "threefry2x32 20": counter, key, result.
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x243f6a88, 0x85a308d3],
      [0x13198a2e, 0x03707344],
      [0xc4923a9c, 0x483df7a0],
    ],
  ])("known answers: counter %o", (counter, key, expected) => {
    expect(words(threefry(signed(...key), signed(...counter)))).toEqual(expected);
  });

  it("works on many counters, and refuses other keys", () => {
    const many = threefry(
      signed(0, 0),
      constant(
        [
          [0, 0],
          [1, 0],
        ],
        "i32",
      ),
    );
    // The second pair: Boost.Compute's test of the same generator, counters (1, 0).
    expect(words(many)).toEqual([0x6b200159, 0x99ba4efe, 0x508efb2c, 0xc0de3f32]);
    expect(() => threefry(constant([0, 0]), signed(0, 0))).toThrow(DTypeError);
    expect(() => threefry(signed(0), signed(0, 0))).toThrow(
      "threefry: a key must have shape [2], got [1]",
    );
    expect(() => threefry(signed(0, 0), signed(0, 0, 0))).toThrow(ShapeError);
  });
});

describe("keys", () => {
  it("hold the seed", () => {
    expect(words(randomKey(0))).toEqual([0, 0]);
    expect(words(randomKey(2 ** 40 + 7))).toEqual([256, 7]);
    expect(words(randomKey(-1))).toEqual([0xffffffff, 0xffffffff]);
    expect(() => randomKey(0.5)).toThrow(ArgumentError);
  });

  it("split and fold without coinciding", () => {
    const key = randomKey(1);
    const all = [...splitKey(key, 4), foldIn(key, 0), foldIn(key, 1), randomBits(key, [2])];
    const texts = all.map((one) => words(one).join());
    expect(new Set(texts).size).toBe(texts.length);
    const step = scalar("step", "i32");
    expect(evaluate(foldIn(key, step), { step: 1 })).toEqual(evaluate(foldIn(key, 1)));
    expect(() => splitKey(key, 0)).toThrow(ArgumentError);
  });
});

describe("randomBits", () => {
  it("are Threefry's blocks; a longer draw begins with a shorter one", () => {
    const key = randomKey(0);
    expect(words(randomBits(key, [4]))).toEqual([0x6b200159, 0x99ba4efe, 0x508efb2c, 0xc0de3f32]);
    expect(words(randomBits(key, [3]))).toEqual([0x6b200159, 0x99ba4efe, 0x508efb2c]);
    expect((evaluate(randomBits(key, [])) as number) >>> 0).toBe(0x6b200159);
  });
});

const mean = (items: readonly number[]): number =>
  items.reduce((total, item) => total + item, 0) / items.length;

describe("randomUniform", () => {
  it("lies in [0, 1), the same each time", () => {
    const key = randomKey(7);
    for (const dtype of ["f64", "f32"] as const) {
      const y = randomUniform(key, [4096], { dtype });
      const items = numbers(y);
      expect(y.dtype).toBe(dtype);
      expect(items.every((item) => item >= 0 && item < 1)).toBe(true);
      expect(numbers(randomUniform(key, [4096], { dtype }))).toEqual(items);
      // Mean 1/2 and variance 1/12: within four deviations of the estimates.
      expect(Math.abs(mean(items) - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / 4096));
      const square = mean(items.map((item) => (item - 0.5) ** 2));
      expect(Math.abs(square - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / 4096));
    }
    // By hand: words 6b200159 and 99ba4efe as (a >>> 5) 2²⁶ + (b >>> 6), over 2⁵³.
    const first = ((0x6b200159 >>> 5) * 2 ** 26 + (0x99ba4efe >>> 6)) / 2 ** 53;
    expect(evaluate(randomUniform(randomKey(0), []))).toBe(first);
  });

  it("takes bounds, which may be expressions with derivatives", () => {
    const key = randomKey(3);
    const items = numbers(randomUniform(key, [100], { low: -2, high: 4 }));
    expect(Math.min(...items)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...items)).toBeLessThan(4);
    expect(randomUniform(key, [2], { low: -2, high: 4, dtype: "f32" }).dtype).toBe("f32");
    const high = scalar("high");
    const gradient = grad(sum(randomUniform(key, [3], { high })), high);
    const unit = numbers(randomUniform(key, [3]));
    expect(evaluate(gradient, { high: 5 }, { extra: "allow" })).toBeCloseTo(mean(unit) * 3, 14);
    expect(() => randomUniform(key, [2], { dtype: "i32" as "f64" })).toThrow(DTypeError);
  });
});

describe("other distributions", () => {
  it("normal", () => {
    const items = numbers(randomNormal(randomKey(5), [4096]));
    expect(items.every(Number.isFinite)).toBe(true);
    // Mean 0, variance 1, fourth moment 3 (variance of x⁴: 96).
    expect(Math.abs(mean(items))).toBeLessThan(4 / Math.sqrt(4096));
    expect(Math.abs(mean(items.map((item) => item ** 2)) - 1)).toBeLessThan(
      4 * Math.sqrt(2 / 4096),
    );
    expect(Math.abs(mean(items.map((item) => item ** 4)) - 3)).toBeLessThan(
      4 * Math.sqrt(96 / 4096),
    );
    const scaled = numbers(randomNormal(randomKey(5), [10], { mean: 3, deviation: 2 }));
    expect(scaled[0]).toBeCloseTo(3 + 2 * (items[0] as number), 14);
    expect(randomNormal(randomKey(5), [2], { dtype: "f32", deviation: 0.1 }).dtype).toBe("f32");
  });

  it("truth values and whole numbers", () => {
    const truths = randomBernoulli(randomKey(2), 0.25, [4096]);
    expect(truths.dtype).toBe("bool");
    expect(Math.abs(mean(numbers(truths)) - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / 4096));
    const dice = numbers(randomIntegers(randomKey(4), [600], 1, 7));
    expect(new Set(dice)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(numbers(randomIntegers(randomKey(4), [50], -3, -2))).toEqual(new Array(50).fill(-3));
    expect(() => randomIntegers(randomKey(4), [1], 2, 2)).toThrow(ArgumentError);
  });

  it("have named sizes", () => {
    const x = variable("x", ["batch", 2]);
    const noisy = mul(x, randomBernoulli(randomKey(1), 0.5, ["batch", 2]));
    expect(noisy.shape).toEqual(["batch", 2]);
    const [once, again] = evaluate([noisy, randomUniform(randomKey(1), ["batch"])], {
      x: [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
    });
    expect((once as Tensor).data.every((item) => item === 0 || item === 1)).toBe(true);
    expect((again as Tensor).shape).toEqual([3]);
  });
});
