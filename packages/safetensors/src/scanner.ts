import { quote, SafetensorsError } from "./errors.ts";

const codes = { tab: 9, newline: 10, carriageReturn: 13, space: 32, quote: 34, backslash: 92 };

/**
 * Cursor over JSON of a known form: objects, strings, lists of integers from 0 to 2^53 - 1.
 *
 * Used in place of `JSON.parse`, which keeps the last of two equal keys, rounds large integers,
 * and builds whatever a hostile header nests before anything can be checked.
 */
export class Scanner {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** `{ "key": …, … }`; `read` is called at each value and must consume it. */
  object(where: string, read: (key: string) => void): void {
    this.#expect("{", where);
    const seen = new Set<string>();
    if (this.#accept("}")) return;
    do {
      const key = this.string(where);
      if (seen.has(key)) {
        throw new SafetensorsError(`${where}: keys must be unique, got ${quote(key)} twice`);
      }
      seen.add(key);
      this.#expect(":", where);
      read(key);
    } while (this.#accept(","));
    this.#expect("}", where);
  }

  /** `[1, 2, …]` of at most `limit` integers. */
  integers(where: string, limit: number): number[] {
    this.#expect("[", where);
    const values: number[] = [];
    if (this.#accept("]")) return values;
    do {
      if (values.length === limit) {
        throw new SafetensorsError(`${where}: must be at most ${limit} integers, got more`);
      }
      values.push(this.#integer(where));
    } while (this.#accept(","));
    this.#expect("]", where);
    return values;
  }

  /** A string; unpaired surrogates are refused, since UTF-8 has none. */
  string(where: string): string {
    this.#skipSpace();
    const start = this.#position;
    if (this.#text[start] !== '"') this.#fail("a string", where);
    let escaped = false;
    let end = start + 1;
    for (; ; end++) {
      const code = this.#text.charCodeAt(end);
      if (code === codes.quote) break;
      if (code === codes.backslash) {
        escaped = true;
        end++;
      } else if (!(code >= codes.space)) {
        // Control characters, and NaN past the end of the text.
        this.#position = Math.min(end, this.#text.length);
        this.#fail("a character of a string", where);
      }
    }
    this.#position = end + 1;
    const inner = this.#text.slice(start + 1, end);
    return escaped ? readEscapes(this.#text.slice(start, end + 1), where) : inner;
  }

  /** Nothing but white space up to the end. */
  end(where: string): void {
    this.#skipSpace();
    if (this.#position < this.#text.length) this.#fail("the end", where);
  }

  #integer(where: string): number {
    this.#skipSpace();
    const start = this.#position;
    let end = start;
    while (isDigit(this.#text.charCodeAt(end))) end++;
    const digits = this.#text.slice(start, Math.min(end, start + 32));
    const value = Number(digits);
    const leadingZero = end > start + 1 && digits.startsWith("0");
    if (end === start || leadingZero || !Number.isSafeInteger(value) || end - start > 16) {
      this.#fail("an integer from 0 to 2^53 - 1", where);
    }
    this.#position = end;
    return value;
  }

  #accept(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#position] !== character) return false;
    this.#position++;
    return true;
  }

  #expect(character: string, where: string): void {
    if (!this.#accept(character)) this.#fail(`"${character}"`, where);
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#position))) this.#position++;
  }

  #fail(expected: string, where: string): never {
    const at = this.#position;
    const rest = this.#text.slice(at, at + 20);
    const got = rest === "" ? "the end" : quote(rest);
    throw new SafetensorsError(`${where}: must have ${expected} at character ${at}, got ${got}`);
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isSpace(code: number): boolean {
  return (
    code === codes.space ||
    code === codes.newline ||
    code === codes.tab ||
    code === codes.carriageReturn
  );
}

function readEscapes(literal: string, where: string): string {
  let text: unknown;
  try {
    text = JSON.parse(literal);
  } catch {
    throw new SafetensorsError(`${where}: escapes must be those of JSON, got ${quote(literal)}`);
  }
  if (typeof text !== "string" || !isWellFormed(text)) {
    throw new SafetensorsError(`${where}: surrogates must be paired, got ${quote(literal)}`);
  }
  return text;
}

/** Whether a text is free of unpaired surrogates. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
