import { random, randomFrom } from "@chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** The generator's step as a linear map of 128 bits, by its images of the unit vectors. */
type Matrix = readonly bigint[];

const width = 128;
const mask32 = 0xffffffffn;

function step(state: bigint): bigint {
  let [a, b, c, d] = [0n, 32n, 64n, 96n].map((shift) => (state >> shift) & mask32) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const shifted = (b << 9n) & mask32;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = ((d << 11n) | (d >> 21n)) & mask32;
  return a | (b << 32n) | (c << 64n) | (d << 96n);
}

function times(matrix: Matrix, vector: bigint): bigint {
  let out = 0n;
  for (let i = 0; i < width; i++)
    if (((vector >> BigInt(i)) & 1n) === 1n) out ^= matrix[i] as bigint;
  return out;
}

function words(vector: bigint): number[] {
  return [0n, 32n, 64n, 96n].map((shift) => Number((vector >> shift) & mask32) | 0);
}

describe("random", () => {
  it("gives the same numbers for the same seed and path, others for others", () => {
    const draw = (...args: Parameters<typeof random>) => {
      const generator = random(...args);
      return Array.from({ length: 5 }, () => generator.uniform());
    };
    expect(draw(7, "dense.weight")).toEqual(draw(7, "dense.weight"));
    const all = [draw(7), draw(8), draw(7, "a"), draw(7, "b"), draw(7, "a", "b"), draw(7, 1)];
    expect(new Set(all.map((list) => list.join())).size).toBe(all.length);
  });

  it("makes the sequence of xoshiro128++", () => {
    // By hand from state 1, 2, 3, 4: rotl(1 + 4, 7) + 1 = 641.
    const generator = randomFrom([1, 2, 3, 4]);
    const high = 641 >>> 5;
    const after = words(step(1n | (2n << 32n) | (3n << 64n) | (4n << 96n))) as [
      number,
      number,
      number,
      number,
    ];
    const sum = (after[0] + after[3]) | 0;
    const second = ((((sum << 7) | (sum >>> 25)) + after[0]) | 0) >>> 0;
    expect(generator.uniform()).toBe((high * 2 ** 26 + (second >>> 6)) * 2 ** -53);
  });

  it("jumps 2⁶⁴ steps", () => {
    let power: Matrix = Array.from({ length: width }, (_, i) => step(1n << BigInt(i)));
    for (let i = 0; i < 64; i++) {
      const before = power;
      power = before.map((column) => times(before, column));
    }
    const start = 0x0123456789abcdef_fedcba9876543210_0011223344556677n;
    const jumped = randomFrom(words(start) as [number, number, number, number]).jumped();
    expect(jumped.state).toEqual(words(times(power, start)));
  });

  it("goes on from its state", () => {
    const generator = random(3);
    generator.normal();
    const twin = randomFrom(generator.state);
    expect(twin.uniform()).toBe(generator.uniform());
  });

  it("draws uniform, normal and whole numbers of the right moments", () => {
    const generator = random(11, "moments");
    const count = 40_000;
    const moments = (one: () => number) => {
      let [first, second] = [0, 0];
      for (let i = 0; i < count; i++) {
        const drawn = one();
        first += drawn / count;
        second += (drawn * drawn) / count;
      }
      return { mean: first, variance: second - first * first };
    };
    // Five standard errors of the mean.
    expect(Math.abs(moments(generator.uniform).mean - 0.5)).toBeLessThan((5 * 0.2887) / 200);
    const normal = moments(generator.normal);
    expect(Math.abs(normal.mean)).toBeLessThan(5 / 200);
    expect(Math.abs(normal.variance - 1)).toBeLessThan((5 * Math.SQRT2) / 200);
    expect(Math.abs(moments(() => generator.integer(7)).mean - 3)).toBeLessThan((5 * 2) / 200);
  });

  it("shuffles into every order equally often", () => {
    const generator = random(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = generator.shuffle([0, 1, 2]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * 29);
  });

  it("keeps all items of a shuffled typed array", () => {
    fc.assert(
      fc.property(fc.int32Array(), fc.integer(), (items, seed) => {
        const shuffled = random(seed).shuffle(Int32Array.from(items));
        expect(shuffled.toSorted()).toEqual(items.toSorted());
      }),
    );
  });

  it("refuses seeds and bounds that are no whole numbers", () => {
    expect(() => random(0.5)).toThrow("random: the seed must be a whole number, got 0.5");
    expect(() => random(1).integer(0)).toThrow("the bound must be a whole number ≥ 1, got 0");
  });
});
