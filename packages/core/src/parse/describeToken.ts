import { shorten } from "../errors.ts";
import type { Token } from "./tokenize.ts";

/** A token as a message shows it: its source in quotes, or where the text ends. */
export function describeToken(text: string, token: Token): string {
  if (token.kind === "end") return "end of text";
  if (token.kind === "newline") return "end of line";
  const source = token.end > token.start ? text.slice(token.start, token.end) : token.text;
  return token.kind === "text" ? shorten(source) : `"${shorten(source)}"`;
}
