import { ArgumentError } from "@chainrule/core";
import { checkOptions } from "../../options/index.ts";
import { checkWhole } from "../checks.ts";
import { fromBytes, toBytes } from "./bytes.ts";
import { checkToken } from "./characterTokens.ts";
import { learnMerges, type Merge } from "./learnMerges.ts";
import type { Tokens } from "./tokens.ts";

/** Tokens that are frequent runs of bytes. */
export interface BytePairTokens extends Tokens {
  /** Merge i makes token 256 + i of two earlier tokens; all there is to keep. */
  readonly merges: readonly Merge[];
}

/** Tokens 0 … 255 are the bytes. */
const BYTES = 256;

/**
 * Words with the space before them, runs of other signs, runs of spaces: no token crosses their borders.
 *
 * At most 32 characters, so that a text without spaces takes no more than linear time.
 */
const CHUNKS = /\s?[\p{L}\p{M}\p{N}_]{1,32}|\s?[^\s\p{L}\p{M}\p{N}_]{1,32}|\s{1,32}/gu;

/**
 * Byte-pair encoding, learnt on a text until there are `size` tokens, or no pair comes twice.
 *
 * Every text can be encoded, as bytes are tokens, and decoding gives it back, whatever its characters.
 * Source: Sennrich, Haddow & Birch 2016; on bytes, Radford et al. 2019.
 */
export function bytePairTokens(text: string, options: { readonly size: number }): BytePairTokens {
  checkOptions("bytePairTokens", options, { size: true });
  const { size } = options;
  checkWhole("bytePairTokens", "size", size, BYTES);
  const counts = new Map<string, number>();
  for (const [chunk] of text.matchAll(CHUNKS)) counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
  const words = [...counts].map(([chunk, count]) => ({
    tokens: Array.from(toBytes(chunk)),
    count,
  }));
  return bytePairTokensFrom(learnMerges(words, BYTES, size - BYTES));
}

/** The tokens of merges learnt before. Throws ArgumentError where a merge names a later token. */
export function bytePairTokensFrom(merges: readonly Merge[]): BytePairTokens {
  const size = BYTES + merges.length;
  const bytes: Uint8Array[] = Array.from({ length: BYTES }, (_, byte) => Uint8Array.of(byte));
  const ranks = new Map<number, number>();
  merges.forEach(([left, right], i) => {
    const limit = BYTES + i;
    const parts = [left, right].map(
      (token) => bytes[checkToken(`bytePairTokens: merge ${i}`, token, limit)] as Uint8Array,
    );
    if ((parts[0] as Uint8Array).length + (parts[1] as Uint8Array).length > MOST_BYTES) {
      throw new ArgumentError(
        `bytePairTokens: merge ${i} must give at most ${MOST_BYTES} bytes, got more`,
      );
    }
    bytes.push(Uint8Array.from(parts.flatMap((part) => Array.from(part))));
    ranks.set(left * size + right, limit);
  });
  return {
    size,
    merges,
    encode: (text) => {
      const known = new Map<string, readonly number[]>();
      const out: number[] = [];
      for (const [chunk] of text.matchAll(CHUNKS)) {
        const tokens = known.get(chunk) ?? encodeChunk(chunk, ranks, size);
        known.set(chunk, tokens);
        for (const token of tokens) out.push(token);
      }
      return Int32Array.from(out);
    },
    decode: (tokens) => {
      const out: number[] = [];
      for (let i = 0; i < tokens.length; i++) {
        const own = bytes[checkToken("bytePairTokens", tokens[i], size)] as Uint8Array;
        for (const byte of own) out.push(byte);
      }
      return fromBytes(out);
    },
  };
}

/** 33 characters of four bytes: what a chunk can hold. Merges from files could double 50 times. */
const MOST_BYTES = 132;

/** The bytes of a chunk, merged by the earliest merge first, from the left. */
function encodeChunk(
  chunk: string,
  ranks: ReadonlyMap<number, number>,
  size: number,
): readonly number[] {
  let tokens = Array.from(toBytes(chunk));
  for (;;) {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i + 1 < tokens.length; i++) {
      const key = (tokens[i] as number) * size + (tokens[i + 1] as number);
      best = Math.min(best, ranks.get(key) ?? best);
    }
    if (best === Number.POSITIVE_INFINITY) return tokens;
    const merged: number[] = [];
    for (let i = 0; i < tokens.length; i++) {
      const key = (tokens[i] as number) * size + (tokens[i + 1] ?? Number.NaN);
      if (ranks.get(key) === best) {
        merged.push(best);
        i++;
      } else {
        merged.push(tokens[i] as number);
      }
    }
    tokens = merged;
  }
}
