import type { MathFunction } from "../src/math/index.ts";

/** Numbers in [0, 1) from a seed (xorshift of 32 bits twice, Marsaglia 2003), the same everywhere. */
export function randomNumbers(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  const word = (): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  return () => (word() * 2 ** 21 + (word() >>> 11)) / 2 ** 53;
}

type Range = readonly [number, number];

/** Where each function is neither constant nor undefined. */
const ranges: Readonly<Record<MathFunction, readonly Range[]>> = {
  exp: [
    [-746, 710],
    [-1, 1],
  ],
  expm1: [
    [-45, 710],
    [-1, 1],
  ],
  sinh: [
    [-711, 711],
    [-2, 2],
  ],
  cosh: [
    [-711, 711],
    [-2, 2],
  ],
  tanh: [
    [-23, 23],
    [-1, 1],
  ],
  sigmoid: [
    [-746, 746],
    [-40, 40],
    [-3, 3],
  ],
  log: [
    [0.5, 2],
    [0, 100],
  ],
  log1p: [
    [-1, 3],
    [-0.3, 0.5],
  ],
  log2: [
    [0.5, 2],
    [0, 100],
  ],
  log10: [
    [0.5, 2],
    [0, 100],
  ],
  asinh: [
    [-10, 10],
    [-1, 1],
  ],
  acosh: [
    [1, 2],
    [1, 1000],
  ],
  atanh: [
    [-1, 1],
    [-0.5, 0.5],
  ],
  softplus: [
    [-746, 746],
    [-40, 40],
    [-3, 3],
  ],
  logSigmoid: [
    [-746, 746],
    [-40, 40],
    [-3, 3],
  ],
  sin: [
    [-4, 4],
    [-1000, 1000],
    [-530000, 530000],
  ],
  cos: [
    [-4, 4],
    [-1000, 1000],
    [-530000, 530000],
  ],
  tan: [
    [-4, 4],
    [-1000, 1000],
    [-530000, 530000],
  ],
  asin: [
    [-1, 1],
    [0.4, 0.6],
  ],
  acos: [
    [-1, 1],
    [0.4, 0.6],
    [0.99, 1],
  ],
  atan: [
    [-10, 10],
    [-1, 1],
    [0.6, 1.6],
  ],
  atan2: [
    [-10, 10],
    [-1, 1],
  ],
  erf: [
    [-6.1, 6.1],
    [-1.1, 1.1],
  ],
  cbrt: [
    [-10, 10],
    [0.5, 8],
  ],
  hypot: [
    [-10, 10],
    [-1, 1],
  ],
  pow: [
    [0, 10],
    [0.9, 1.1],
  ],
  mod: [
    [-10, 10],
    [-1e6, 1e6],
  ],
};

/**
 * Pairs (x, y) for a function: an equal share in each of its ranges, and one of doubles of every
 * magnitude, including denormals.
 */
export function pointsFor(name: MathFunction, count: number, seed: number): Float64Array {
  const random = randomNumbers(seed);
  const points = new Float64Array(2 * count);
  const own = ranges[name];
  const anywhere = (): number => {
    const size = (1 + random()) * 2 ** (Math.floor(random() * 2098) - 1074);
    return random() < 0.5 ? size : -size;
  };
  for (let i = 0; i < points.length; i++) {
    const range = own[Math.floor(random() * (own.length + 1))];
    const share = random();
    points[i] = range === undefined ? anywhere() : range[0] + share * (range[1] - range[0]);
  }
  return points;
}
