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

/** Vectors of counters that are met at once: the rounds of one wait for each other. */
const TOGETHER = 2;

/** Bytes that one call of a generator writes: the words of eight counters. */
export const GROUP: number = 32 * TOGETHER;

/** What is made of the words of counters `block … block + 7`, or of counters in memory. */
export type Generated = "words" | "f32" | "f64" | "counters";

/**
 * Threefry-2x32 with 20 rounds on eight pairs of counters at once. Parameters: address of the key,
 * number of the first counter (for `counters` the address of eight pairs), address of the 32 bytes
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
    const words: Words[] = Array.from({ length: TOGETHER }, () => ({
      a: body.local("v128"),
      b: body.local("v128"),
    }));
    words.forEach(({ a, b }, vector) => {
      if (kind === "counters") {
        loadPairs(body, { source, offset: 32 * vector }, { a, b });
        return;
      }
      // Counters block, block + 1, … beside zeros.
      const number = (lane: number): void => {
        body.get(source);
        body.i32(4 * vector + lane);
        body.op(i32.add);
      };
      number(0);
      body.op(i32x4.splat);
      for (let lane = 1; lane < 4; lane++) {
        number(lane);
        body.lane(i32x4.replace_lane, lane);
      }
      body.set(a);
      body.i64x2(0n);
      body.set(b);
    });
    emitRounds(body, words, [first, second, third]);
    words.forEach((own, vector) => {
      emitResult(body, kind, { target, offset: 32 * vector }, own);
    });
    return body.index;
  });
}

/** Locals of the first and the second words of four pairs. */
interface Words {
  readonly a: number;
  readonly b: number;
}

function emitRounds(body: Body, all: readonly Words[], keys: readonly number[]): void {
  const addKeys = (index: number, injection: number): void => {
    for (const { a, b } of all) {
      for (const [to, key, number] of [
        [a, index, 0],
        [b, index + 1, injection],
      ] as const) {
        body.get(to);
        body.get(keys[key % 3] as number);
        body.i32(number);
        body.op(i32.add);
        body.op(i32x4.splat);
        body.op(i32x4.add);
        body.set(to);
      }
    }
  };
  addKeys(0, 0);
  for (let round = 0; round < ROUNDS; round++) {
    for (const words of all) emitRound(body, words, ROTATIONS[round % 8] as number);
    if (round % 4 === 3) addKeys((round + 1) / 4, (round + 1) / 4);
  }
}

/** `a += b; b = rotate(b) ^ a` */
function emitRound(body: Body, { a, b }: Words, bits: number): void {
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
}

/** Four bytes each of lanes of two vectors: 0–3 of the first, 4–7 of the second. */
function lanes(...chosen: readonly number[]): number[] {
  return chosen.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
}

/** The first and the second words of four pairs. */
function loadPairs(
  body: Body,
  { source, offset }: { readonly source: number; readonly offset: number },
  { a, b }: Words,
): void {
  [lanes(0, 2, 4, 6), lanes(1, 3, 5, 7)].forEach((shuffle, word) => {
    for (const half of [0, 16]) {
      body.get(source);
      body.memory(v128.load, offset + half, 2);
    }
    body.shuffle(shuffle);
    body.set(word === 0 ? a : b);
  });
}

function emitResult(
  body: Body,
  kind: Generated,
  { target, offset }: { readonly target: number; readonly offset: number },
  { a, b }: Words,
): void {
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
    body.memory(v128.store, offset + 16 * half, 2);
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
