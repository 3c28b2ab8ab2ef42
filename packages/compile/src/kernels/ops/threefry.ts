import type { KernelContext } from "../../tensor/kernel.ts";
import { type Body, f32x4, f64x2, i32, i32x4, v128 } from "../../wasm/index.ts";
import { integers } from "../integers.ts";

/**
 * By how many bits each of eight rounds rotates: table 2 of the paper, for two words of 32 bits.
 */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** The constant of the key schedule, of Skein's authors. */
const PARITY = 0x1bd11bda;

const ROUNDS = 20;

/** Bytes that one call of a generator writes: the words of four counters. */
export const GROUP = 32;

/** What is made of the words of counters `block … block + 3`, or of counters in memory. */
export type Generated = "words" | "f32" | "f64" | "counters";

/**
 * Threefry-2x32 with 20 rounds on four pairs of counters at once. Parameters: address of the key,
 * number of the first counter (for `counters` the address of four pairs), address of the 32 bytes
 * to write.
 *
 * Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 */
export function threefryFunction(context: KernelContext, kind: Generated): number {
  return context.shared(`threefry ${kind}`, () => {
    const body = context.builder.function(`threefry_${kind}`, ["i32", "i32", "i32"], []);
    const [key, source, target] = [0, 1, 2];
    const { get, let: let_ } = integers(body);
    const word = (index: number): number =>
      let_(() => {
        get(key)();
        body.memory(i32.load, 4 * index);
      });
    const [first, second] = [word(0), word(1)];
    const third = let_(() => {
      for (const local of [first, second]) body.get(local);
      body.op(i32.xor);
      body.i32(PARITY);
      body.op(i32.xor);
    });
    const [a, b] = [body.local("v128"), body.local("v128")];
    if (kind === "counters") loadPairs(body, source, a, b);
    else {
      // Counters block, block + 1, … beside zeros.
      body.get(source);
      body.op(i32x4.splat);
      for (let lane = 1; lane < 4; lane++) {
        body.get(source);
        body.i32(lane);
        body.op(i32.add);
        body.lane(i32x4.replace_lane, lane);
      }
      body.set(a);
      body.i64x2(0n);
      body.set(b);
    }
    emitRounds(body, a, b, [first, second, third]);
    emitResult(body, kind, target, a, b);
    return body.index;
  });
}

function emitRounds(body: Body, a: number, b: number, keys: readonly number[]): void {
  const addKey = (to: number, key: number, injection: number): void => {
    body.get(to);
    body.get(keys[key % 3] as number);
    body.i32(injection);
    body.op(i32.add);
    body.op(i32x4.splat);
    body.op(i32x4.add);
    body.set(to);
  };
  addKey(a, 0, 0);
  addKey(b, 1, 0);
  for (let round = 0; round < ROUNDS; round++) {
    const bits = ROTATIONS[round % 8] as number;
    body.get(a);
    body.get(b);
    body.op(i32x4.add);
    body.set(a);
    body.get(b);
    body.i32(bits);
    body.op(i32x4.shl);
    body.get(b);
    body.i32(32 - bits);
    body.op(i32x4.shr_u);
    body.op(v128.or);
    body.get(a);
    body.op(v128.xor);
    body.set(b);
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    addKey(a, injection, 0);
    addKey(b, injection + 1, injection);
  }
}

/** Four bytes each of lanes of two vectors: 0–3 of the first, 4–7 of the second. */
function lanes(...chosen: readonly number[]): number[] {
  return chosen.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
}

/** The first and the second words of four pairs. */
function loadPairs(body: Body, source: number, a: number, b: number): void {
  [lanes(0, 2, 4, 6), lanes(1, 3, 5, 7)].forEach((shuffle, word) => {
    for (const offset of [0, 16]) {
      body.get(source);
      body.memory(v128.load, offset, 2);
    }
    body.shuffle(shuffle);
    body.set(word === 0 ? a : b);
  });
}

function emitResult(body: Body, kind: Generated, target: number, a: number, b: number): void {
  [0, 1].forEach((half) => {
    body.get(target);
    if (kind === "f64") emitDoubles(body, a, b, half);
    else {
      body.get(a);
      body.get(b);
      body.shuffle(half === 0 ? lanes(0, 4, 1, 5) : lanes(2, 6, 3, 7));
      if (kind === "f32") {
        body.i32(8);
        body.op(i32x4.shr_u);
        body.op(f32x4.convert_i32x4_s);
        body.f32(2 ** -24);
        body.op(f32x4.splat);
        body.op(f32x4.mul);
      }
    }
    body.memory(v128.store, 16 * half, 2);
  });
}

/** 27 bits of the first word above 26 of the second, times 2⁻⁵³, for two of the four pairs. */
function emitDoubles(body: Body, a: number, b: number, half: number): void {
  const high = (word: number, bits: number): void => {
    body.get(word);
    body.get(word);
    body.shuffle(half === 0 ? lanes(0, 1, 2, 3) : lanes(2, 3, 0, 1));
    body.i32(bits);
    body.op(i32x4.shr_u);
    body.op(f64x2.convert_low_i32x4_u);
  };
  high(a, 5);
  body.f64(2 ** 26);
  body.op(f64x2.splat);
  body.op(f64x2.mul);
  high(b, 6);
  body.op(f64x2.add);
  body.f64(2 ** -53);
  body.op(f64x2.splat);
  body.op(f64x2.mul);
}
