import { describeToken } from "./describeToken.ts";
import { ParseError } from "./parseError.ts";
import type { Token } from "./tokenize.ts";

/** A place in the tokens of a text. */
export class Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens;
  }

  token(at: number = this.at): Token {
    return this.tokens[at] as Token;
  }

  /** The next token that is no newline. */
  next(at: number = this.at): number {
    let next = at + 1;
    while (this.tokens[next]?.kind === "newline") next++;
    return next;
  }

  /** Whether a token is this operator. */
  is(at: number, sign: string): boolean {
    const token = this.tokens[at];
    return token?.kind === "operator" && token.text === sign;
  }

  /** `expected …, got` the token here. */
  unexpected(wanted: string, hint = ""): ParseError {
    const got = describeToken(this.text, this.token());
    return this.error(`expected ${wanted}, got ${got}${hint}`);
  }

  error(reason: string, at: number = this.at): ParseError {
    return new ParseError(this.text, this.token(at).start, reason);
  }
}
