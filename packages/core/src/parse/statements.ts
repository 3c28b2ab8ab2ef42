import { describeToken } from "./describeToken.ts";
import { ParseError } from "./parseError.ts";
import type { Token } from "./tokenize.ts";

/** What a statement does. */
export type StatementKind = "definition" | "function" | "shape" | "expression";

/** A statement, as a range of tokens. */
export interface Statement {
  readonly kind: StatementKind;
  /** Token of the name that is defined or declared; the first token of an expression. */
  readonly head: number;
  /** Tokens of a function's parameters. */
  readonly parameters: readonly number[];
  /** First token of the right side, and the token that ends it. */
  readonly from: number;
  readonly to: number;
}

/** Where a text is cut: statements end at `;` or at a newline outside of brackets. */
export function splitStatements(text: string, tokens: readonly Token[]): readonly Statement[] {
  const statements: Statement[] = [];
  const open: number[] = [];
  let from = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    if (token.kind === "operator") {
      if (token.text === "(" || token.text === "[") open.push(at);
      else if (token.text === ")" || token.text === "]") closeBracket(text, tokens, open, at);
    }
    const ends =
      token.kind === "end" ||
      (open.length === 0 && (token.text === ";" || token.kind === "newline"));
    if (!ends || (token.kind === "newline" && isUnfinished(tokens, from, at))) continue;
    if (token.kind === "end" && open.length > 0) throw unclosed(text, tokens, open, at);
    const statement = classify(text, tokens, from, at);
    if (statement !== undefined) statements.push(statement);
    from = at + 1;
  }
  return statements;
}

const closing: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
]);

function closeBracket(text: string, tokens: readonly Token[], open: number[], at: number): void {
  const token = tokens[at] as Token;
  const opening = tokens[open.at(-1) ?? -1];
  if (opening === undefined) {
    const before = tokens[at - 1];
    const wanted = before === undefined || isSign(before) ? "an expression" : "an operator";
    const reason = `expected ${wanted}, got "${token.text}"`;
    throw new ParseError(text, token.start, reason);
  }
  if (closing.get(opening.text) !== token.text) throw unclosed(text, tokens, open, at);
  open.pop();
}

function unclosed(
  text: string,
  tokens: readonly Token[],
  open: readonly number[],
  at: number,
): ParseError {
  const opening = tokens[open.at(-1) as number] as Token;
  const got = tokens[at] as Token;
  return new ParseError(
    text,
    got.start,
    `expected "${closing.get(opening.text)}", got ${describeToken(text, got)}`,
  );
}

/** After an operator that wants an operand, a newline is white space, as in mathjs. */
function isUnfinished(tokens: readonly Token[], from: number, at: number): boolean {
  const last = tokens[at - 1];
  if (at === from || last === undefined || last.kind === "newline") return at !== from;
  return isSign(last);
}

function isSign({ kind, text }: Token): boolean {
  return kind === "operator" && !/^[)\]|']$/.test(text);
}

function classify(
  text: string,
  tokens: readonly Token[],
  start: number,
  to: number,
): Statement | undefined {
  let head = start;
  while (tokens[head]?.kind === "newline") head++;
  if (head >= to) return undefined;
  const is = (at: number, sign: string): boolean =>
    at < to && tokens[at]?.kind === "operator" && tokens[at]?.text === sign;
  if (tokens[head]?.kind !== "name" && tokens[head]?.kind !== "text") {
    return { kind: "expression", head, parameters: [], from: head, to };
  }
  if (is(head + 1, "=")) return { kind: "definition", head, parameters: [], from: head + 2, to };
  if (is(head + 1, ":") && is(head + 2, "[")) {
    return { kind: "shape", head, parameters: [], from: head + 2, to };
  }
  const parameters: number[] = [];
  let at = head + 2;
  if (is(head + 1, "(")) {
    for (; tokens[at]?.kind === "name" && at < to; at++) {
      parameters.push(at);
      if (!is(++at, ",")) break;
    }
    if (parameters.length > 0 && is(at, ")") && is(at + 1, "=")) {
      checkDistinct(text, tokens, parameters);
      return { kind: "function", head, parameters, from: at + 2, to };
    }
  }
  return { kind: "expression", head, parameters: [], from: head, to };
}

function checkDistinct(
  text: string,
  tokens: readonly Token[],
  parameters: readonly number[],
): void {
  const seen = new Set<string>();
  for (const at of parameters) {
    const token = tokens[at] as Token;
    if (seen.has(token.text)) {
      const reason = `parameters must have different names, got "${token.text}" twice`;
      throw new ParseError(text, token.start, reason);
    }
    seen.add(token.text);
  }
}
