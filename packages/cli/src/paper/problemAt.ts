import { ParseError } from "@chainrule/core/parse";
import { UsageError } from "../usageError.ts";

/** What is wrong at a place of a paper, `paper.tex:12:3: …`, with the line and a caret below. */
export function problemAt(
  path: string,
  text: string,
  offset: number,
  reason: string,
  cause?: unknown,
): UsageError {
  const { line, column, message } = new ParseError(text, offset, reason);
  const caret = message.slice(`line ${line}, column ${column}: ${reason}`.length);
  return new UsageError(`${path}:${line}:${column}: ${reason}${caret}`, { cause });
}

/** Line and column of a place, from 1. */
export function placeAt(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const { line, column } = new ParseError(text, offset, "");
  return { line, column };
}
