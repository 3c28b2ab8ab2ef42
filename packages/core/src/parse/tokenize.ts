import {
  isDigit,
  isLetter,
  isNamePart,
  operatorOf,
  plainOperators,
  primeOf,
  subscriptOf,
  superscriptOf,
} from "./characters.ts";
import { ParseError } from "./parseError.ts";

/** What a token is; `hole` is an expression put in from outside, `end` the end of the text. */
export type TokenKind = "number" | "name" | "text" | "hole" | "operator" | "newline" | "end";

/** A piece of the text, and what it means. */
export interface Token {
  readonly kind: TokenKind;
  /** Number, operator, or name in one spelling: `x_{12}`, `x₁₂` and `x_12` are `x_12`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A text, and the places where expressions are put in. */
export interface Source {
  readonly text: string;
  /** End of each hole, by its start. */
  readonly holes?: ReadonlyMap<number, number>;
}

/** What stands behind the last character. */
const END = "";

/** Tokens of a text in reading order, the last of kind `end`. Linear in the length. */
export function tokenize({ text, holes }: Source): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;

  function push(kind: TokenKind, value: string, end: number): void {
    tokens.push({ kind, text: value, start: at, end });
    at = end;
  }

  while (at < text.length) {
    const hole = holes?.get(at);
    const character = characterAt(text, at);
    if (hole !== undefined) push("hole", "", hole);
    else if (isDigit(character) || (character === "." && isDigit(text[at + 1] ?? END))) {
      push("number", ...readNumber(text, at));
    } else if (/^[\n\r\u2028\u2029]$/.test(character)) {
      push("newline", "\n", at + (text.startsWith("\r\n", at) ? 2 : 1));
    } else if (/^[\s\u200B\u2060\uFEFF]$/.test(character)) at++;
    else if (character === "#") at = endOfLine(text, at);
    else if (character === '"') push("text", ...readQuoted(text, at));
    else if (character === "∞") push("name", "Infinity", at + 1);
    else if (superscriptOf.has(character)) at = readSuperscript(text, at, tokens);
    else if (operatorOf.has(character)) {
      push("operator", operatorOf.get(character) as string, at + character.length);
    } else if (isLetter(character)) {
      const [name, end] = readName(text, at);
      push(wordOperators.has(name) ? "operator" : "name", name, end);
    } else if (primeOf.has(character)) push("operator", "'", at + 1);
    else push("operator", readOperator(text, at, character), at + operatorLength(text, at));
  }
  push("end", END, text.length);
  return tokens;
}

/** Words that are operators wherever they stand. */
const wordOperators: ReadonlySet<string> = new Set(["and", "or", "xor", "not"]);

function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) as number);
}

function endOfLine(text: string, at: number): number {
  const breaks = /[\n\r\u2028\u2029]/g;
  breaks.lastIndex = at;
  return breaks.exec(text)?.index ?? text.length;
}

/** Digits, a point unless it begins `.*`, `./` or `.^`, and an exponent if digits follow the e. */
function readNumber(text: string, at: number): [string, number] {
  const pattern = /(?:\d+(?:\.(?![*/^])\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
  pattern.lastIndex = at;
  const number = (pattern.exec(text) as RegExpExecArray)[0];
  const end = at + number.length;
  if (/^0$/.test(number) && /[box][\da-fA-F]/y.test(text.slice(end, end + 2))) {
    const factor = text[end] as string;
    throw new ParseError(text, at, `numbers are decimal; write 0 * ${factor}… for a product`);
  }
  if (text[end] === "_") throw new ParseError(text, end, 'expected an operator, got "_"');
  if (!Number.isFinite(Number(number))) {
    throw new ParseError(text, at, `a number must be below 1.8e308, got ${number}`);
  }
  return [number, end];
}

/** A text in quotes, with the escapes of JSON. */
function readQuoted(text: string, at: number): [string, number] {
  const pattern = /"(?:[^"\\\n\r]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*"/y;
  pattern.lastIndex = at;
  const quoted = pattern.exec(text)?.[0];
  try {
    if (quoted !== undefined) return [JSON.parse(quoted), at + quoted.length];
  } catch {
    // A control character, which JSON wants escaped.
  }
  throw new ParseError(text, at, "a text in quotes must end in the same line");
}

/** `²` is `^ 2` and `⁻¹` is `^ - 1`; of several parts, `²ⁿ` is `^ ( 2 n )`. */
function readSuperscript(text: string, from: number, tokens: Token[]): number {
  let at = from;
  const inner: Token[] = [];
  for (let sign = superscriptOf.get(text[at] ?? END); sign !== undefined; ) {
    const last = inner.at(-1);
    const kind = isDigit(sign) ? "number" : /[+-]/.test(sign) ? "operator" : "name";
    if (kind === "number" && last?.kind === "number") {
      inner[inner.length - 1] = { ...last, text: last.text + sign, end: at + 1 };
    } else inner.push({ kind, text: sign, start: at, end: at + 1 });
    at++;
    sign = superscriptOf.get(text[at] ?? END);
  }
  const mark = (sign: string, start: number): Token => ({
    kind: "operator",
    text: sign,
    start,
    end: start,
  });
  const simple = inner.length === 1 || (inner.length === 2 && inner[0]?.text === "-");
  tokens.push(mark("^", from));
  if (!simple) tokens.push(mark("(", from));
  for (const token of inner) tokens.push(token);
  if (!simple) tokens.push(mark(")", at));
  return at;
}

/** A name in one spelling, and its end: letters, digits, subscript, primes. */
function readName(text: string, from: number): [string, number] {
  let name = "";
  let at = from;
  for (let next = characterAt(text, at); isNamePart(next); next = characterAt(text, at)) {
    name += next;
    at += next.length;
    if (at >= text.length) return [name, at];
    if (next === "_" && text[at] === "{") {
      const end = text.indexOf("}", at);
      const inner = text.slice(at + 1, end);
      if (end < 0 || !/^\s*[\p{L}\p{Nd}_]+(?:[\s,]+[\p{L}\p{Nd}_]+)*\s*$/u.test(inner)) {
        throw new ParseError(text, at, 'a subscript must be letters and digits in "{ }"');
      }
      name += inner.trim().replace(/[\s,]+/g, "_");
      at = end + 1;
      break;
    }
  }
  let subscript = "";
  for (let sign = subscriptOf.get(text[at] ?? END); sign !== undefined; ) {
    subscript += sign;
    at++;
    sign = subscriptOf.get(text[at] ?? END);
  }
  if (subscript !== "") name += name.includes("_") ? subscript : `_${subscript}`;
  for (let prime = primeOf.get(text[at] ?? END); prime !== undefined; ) {
    name += prime;
    at++;
    prime = primeOf.get(text[at] ?? END);
  }
  return [name, at];
}

function operatorLength(text: string, at: number): number {
  return plainOperators.find((sign) => text.startsWith(sign, at))?.length ?? 1;
}

/** What other languages write, and how it is written here. */
const foreign: readonly (readonly [string, string])[] = [
  ["**", "^"],
  ["&&", "and"],
  [":=", "="],
  ["//", "/"],
  ["->", "="],
  ["=>", "="],
  ["<>", "!="],
];

function readOperator(text: string, at: number, character: string): string {
  for (const [other, own] of foreign) {
    if (text.startsWith(other, at)) {
      throw new ParseError(text, at, `unknown operator "${other}", did you mean "${own}"?`);
    }
  }
  const sign = plainOperators.find((candidate) => text.startsWith(candidate, at));
  if (sign !== undefined) return sign;
  throw new ParseError(text, at, `unexpected character ${JSON.stringify(character)}`);
}
