import { textFunctions } from "@chainrule/core/parse";
import { StreamLanguage, type StreamParser } from "@codemirror/language";

/** Names that texts call functions by. */
const functions: ReadonlySet<string> = new Set(textFunctions.map(({ name }) => name));

/** Letters that stand for numbers unless a text defines them. */
const CONSTANTS: ReadonlySet<string> = new Set(["e", "pi", "π", "tau"]);

/** Kinds of tokens, by the names of highlighting tags. */
export type TokenKind =
  | "number"
  | "function"
  | "constant"
  | "definition"
  | "variableName"
  | "operator"
  | "bracket"
  | "separator";

const NAME = /^[\p{L}_][\p{L}\p{N}_]*(?:\{[\p{L}\p{N},]*\})?'*/u;
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/;

/** The token that a line goes on with, and how long it is; `undefined` for space and unknown signs. */
export function tokenAt(rest: string): { kind: TokenKind | undefined; length: number } {
  const name = NAME.exec(rest)?.[0];
  if (name !== undefined)
    return { kind: nameKind(name, rest.slice(name.length)), length: name.length };
  const number = NUMBER.exec(rest)?.[0];
  if (number !== undefined) return { kind: "number", length: number.length };
  const sign = String.fromCodePoint(rest.codePointAt(0) ?? 32);
  const { length } = sign;
  if ("()[]{}|".includes(sign)) return { kind: "bracket", length };
  if (";,:".includes(sign)) return { kind: "separator", length };
  if ("+-−*/·⋅×÷^=<>!&'²³".includes(sign)) return { kind: "operator", length };
  return { kind: undefined, length };
}

function nameKind(name: string, after: string): TokenKind {
  if (/^\s*=(?!=)/.test(after)) return "definition";
  if (functions.has(name)) return "function";
  return CONSTANTS.has(name) ? "constant" : "variableName";
}

const parser: StreamParser<null> = {
  name: "chainrule",
  startState: () => null,
  token(stream) {
    if (stream.eatSpace()) return null;
    const { kind, length } = tokenAt(stream.string.slice(stream.pos));
    stream.pos += length;
    return kind === undefined ? null : TAGS[kind];
  },
};

/** The names that @lezer/highlight knows the kinds by. */
const TAGS: Readonly<Record<TokenKind, string>> = {
  number: "number",
  function: "variableName.function",
  constant: "variableName.constant",
  definition: "variableName.definition",
  variableName: "variableName",
  operator: "operator",
  bracket: "bracket",
  separator: "separator",
};

/** The language of expressions for CodeMirror. */
export const expressionLanguage: StreamLanguage<null> = StreamLanguage.define(parser);
