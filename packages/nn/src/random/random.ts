import { ArgumentError, describe } from "@chainrule/core";

/** Four words: the whole state of a generator. */
export type RandomState = readonly [number, number, number, number];

/** A seeded generator of random numbers; the same seed and path give the same numbers, always. */
export interface Random {
  /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** A whole number in 0 … below − 1, each equally likely. */
  integer(below: number): number;
  /** The items in random order, in place; each order is equally likely. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
  /** A generator 2⁶⁴ draws ahead of this one, which does not move: streams that never meet. */
  jumped(): Random;
  /** The state, to go on from later. */
  readonly state: RandomState;
}

/**
 * The generator of a seed and a path, such as `random(7, "dense.weight")`.
 *
 * Streams of different paths are unrelated. Throws ArgumentError unless the seed is a whole number within ±2⁵³.
 * Source: Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators", xoshiro128++.
 */
export function random(seed: number, ...path: readonly (string | number)[]): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new ArgumentError(`random: the seed must be a whole number, got ${describe(seed)}`);
  }
  return randomFrom(hashWords([seed, ...path].join("\u0000")));
}

/** The generator that goes on from a state. */
export function randomFrom(state: RandomState): Random {
  let [a, b, c, d] = state.map((word) => word | 0) as [number, number, number, number];
  const next = (): number => {
    const sum = (a + d) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + a) | 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  const uniform = (): number => {
    const high = next() >>> 5;
    return (high * 2 ** 26 + (next() >>> 6)) * 2 ** -53;
  };
  const integer = (below: number): number => {
    if (!Number.isSafeInteger(below) || below < 1) {
      throw new ArgumentError(
        `integer: the bound must be a whole number ≥ 1, got ${describe(below)}`,
      );
    }
    // Rejection keeps every number equally likely.
    if (below <= 2 ** 32) {
      for (;;) {
        const word = next();
        // The exact limit takes a slow division, and lies above this one.
        if (word <= 2 ** 32 - below || word < 2 ** 32 - (2 ** 32 % below)) {
          return below < 2 ** 32 ? word % (below >>> 0) : word;
        }
      }
    }
    const limit = 2 ** 53 - (2 ** 53 % below);
    for (;;) {
      const drawn = uniform() * 2 ** 53;
      if (drawn < limit) return drawn % below;
    }
  };
  return {
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const item = items[i];
        items[i] = items[j];
        items[j] = item;
      }
      return items;
    },
    jumped: () => randomFrom(jump([a, b, c, d])),
    get state() {
      return [a, b, c, d] as const;
    },
  };
}

/** Coefficients of x^(2⁶⁴) modulo the generator's characteristic polynomial; the tests derive them. */
const JUMP = [0x8764000b, 0xf542d2d3, 0x6fa035c3, 0x77f2db5b];

function jump(state: RandomState): RandomState {
  let [a, b, c, d] = state as [number, number, number, number];
  const out: [number, number, number, number] = [0, 0, 0, 0];
  for (const word of JUMP) {
    for (let bit = 0; bit < 32; bit++) {
      if (((word >>> bit) & 1) === 1) {
        out[0] ^= a;
        out[1] ^= b;
        out[2] ^= c;
        out[3] ^= d;
      }
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
  }
  return out;
}

/**
 * 128 bits of a text: four lanes of FNV-1a over its code units, each lane fed the one before, then mixed.
 *
 * Source of the final mix: Appleby, MurmurHash3.
 */
export function hashWords(text: string): RandomState {
  const lanes: [number, number, number, number] = [
    0x811c9dc5,
    0x9e3779b9 | 0,
    0x85ebca6b | 0,
    0xc2b2ae35 | 0,
  ];
  for (let i = 0; i < text.length; i++) {
    let unit = text.charCodeAt(i);
    for (let lane = 0; lane < 4; lane++) {
      const mixed = Math.imul((lanes[lane] as number) ^ unit, 0x01000193);
      lanes[lane] = mixed;
      unit = mixed >>> 15;
    }
  }
  let carried = text.length;
  for (let round = 0; round < 2; round++) {
    for (let lane = 0; lane < 4; lane++) {
      carried = finish((lanes[lane] as number) ^ carried);
      lanes[lane] = carried;
    }
  }
  // All zeros is the one state that never moves.
  return lanes.every((lane) => lane === 0) ? [1, 0, 0, 0] : lanes;
}

function finish(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
