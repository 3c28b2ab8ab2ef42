import type { Dim } from "../shape.ts";
import { describeToken } from "./describeToken.ts";
import { ParseError } from "./parseError.ts";
import type { Statement } from "./statements.ts";
import type { Token } from "./tokenize.ts";

/** The shape that `x: [batch, 3]` declares. */
export function readShape(
  text: string,
  tokens: readonly Token[],
  { from, to }: Statement,
): readonly Dim[] {
  const inside = tokens.slice(from + 1, to).filter(({ kind }) => kind !== "newline");
  const end = tokens[to] as Token;
  const dims: Dim[] = [];
  for (let at = 0; ; at++) {
    const token = inside[at] ?? end;
    if (dims.length === 0 && token.text === "]" && token.kind === "operator") break;
    if (token.kind === "name" || token.kind === "text") dims.push(token.text);
    else if (token.kind === "number" && /^\d+$/.test(token.text)) dims.push(Number(token.text));
    else throw expected(text, "a whole number or a name", token);
    const next = inside[++at] ?? end;
    if (next.text === "]" && next.kind === "operator") {
      if (at + 1 < inside.length) throw expected(text, '";"', inside[at + 1] as Token);
      break;
    }
    if (next.text !== ",") throw expected(text, '"," or "]"', next);
  }
  return dims;
}

function expected(text: string, wanted: string, token: Token): ParseError {
  const reason = `expected ${wanted}, got ${describeToken(text, token)}`;
  return new ParseError(text, token.start, reason);
}
