import { ArgumentError, describe } from "@chainrule/core";
import type { Tokens } from "./tokens.ts";

/** Tokens that are single characters. */
export interface CharacterTokens extends Tokens {
  /** The characters by number, in the order of their code points. */
  readonly vocabulary: readonly string[];
}

/**
 * One token for each character (code point) of a text, or of a list of characters.
 *
 * `encode` throws ArgumentError for a character that the text did not hold, with its place.
 */
export function characterTokens(text: string | readonly string[]): CharacterTokens {
  if (typeof text !== "string" && !Array.isArray(text)) {
    throw new ArgumentError(`characterTokens: there must be a text, got ${describe(text)}`);
  }
  const vocabulary = [...new Set(text)].sort(
    (a, b) => (a.codePointAt(0) as number) - (b.codePointAt(0) as number),
  );
  if (vocabulary.length === 0) {
    throw new ArgumentError("characterTokens: there must be characters, got an empty text");
  }
  for (const character of vocabulary) {
    if ([...character].length === 1) continue;
    throw new ArgumentError(
      `characterTokens: each token must be one character, got ${describe(character)}`,
    );
  }
  const numbers = new Map(vocabulary.map((character, number) => [character, number]));
  return {
    size: vocabulary.length,
    vocabulary,
    encode: (given) => {
      const out: number[] = [];
      let at = 0;
      for (const character of given) {
        const number = numbers.get(character);
        if (number === undefined) {
          const code = (character.codePointAt(0) as number).toString(16).toUpperCase();
          throw new ArgumentError(
            `characterTokens: characters must be among the ${vocabulary.length} known, got ${describe(character)} (U+${code.padStart(4, "0")}) at offset ${at}`,
          );
        }
        out.push(number);
        at += character.length;
      }
      return Int32Array.from(out);
    },
    decode: (tokens) => {
      const out: string[] = [];
      for (let i = 0; i < tokens.length; i++) {
        out.push(vocabulary[checkToken("characterTokens", tokens[i], vocabulary.length)] as string);
      }
      return out.join("");
    },
  };
}

/** The token, if it is one of `size`. Throws ArgumentError otherwise. */
export function checkToken(where: string, token: unknown, size: number): number {
  if (Number.isInteger(token) && (token as number) >= 0 && (token as number) < size) {
    return token as number;
  }
  throw new ArgumentError(
    `${where}: tokens must be whole numbers 0 … ${size - 1}, got ${describe(token)}`,
  );
}
