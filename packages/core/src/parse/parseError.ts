import { ChainruleError } from "../errors.ts";

/** A place in a text, counted as people do: from 1, a column a character. */
export interface Place {
  /** Index into the text, in UTF-16 units. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/**
 * Text that cannot be read: `line 1, column 9: expected ")", got "+"`, the line, and a caret.
 */
export class ParseError extends ChainruleError implements Place {
  override readonly name = "ParseError";
  /** What is wrong, without the place. */
  readonly reason: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** The line of the text that holds the place. */
  readonly sourceLine: string;

  constructor(text: string, offset: number, reason: string, options?: ErrorOptions) {
    const { line, column, start, end } = locate(text, offset);
    const sourceLine = text.slice(start, end);
    super(
      `line ${line}, column ${column}: ${reason}\n${pointAt(sourceLine, offset - start)}`,
      options,
    );
    this.reason = reason;
    this.offset = offset;
    this.line = line;
    this.column = column;
    this.sourceLine = sourceLine;
  }
}

/** Line and column of an index into a text. */
export function placeOf(text: string, offset: number): Place {
  const { line, column } = locate(text, offset);
  return { offset, line, column };
}

interface Line {
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

function locate(text: string, offset: number): Line {
  let line = 1;
  let start = 0;
  const breaks = /\r\n|[\n\r\u2028\u2029]/g;
  for (let at = breaks.exec(text); at !== null && breaks.lastIndex <= offset; ) {
    line++;
    start = breaks.lastIndex;
    at = breaks.exec(text);
  }
  breaks.lastIndex = start;
  const end = breaks.exec(text)?.index ?? text.length;
  return { line, column: [...text.slice(start, offset)].length + 1, start, end };
}

/** Room for a line of source in a terminal of 80 columns, with the margin of two. */
const WIDTH = 76;

/** The line, cut to a window around the place, and the caret under it. */
function pointAt(line: string, offset: number): string {
  const before = Array.from(line.slice(0, offset));
  const after = Array.from(line.slice(offset, offset + 2 * WIDTH));
  if (before.length + after.length > WIDTH) {
    const room = WIDTH >> 1;
    if (before.length > room) before.splice(0, before.length - room + 1, "…");
    const rest = WIDTH - before.length;
    if (after.length > rest) after.splice(rest - 1, after.length, "…");
  }
  const margin = before.map((character) => (character === "\t" ? "\t" : " ")).join("");
  return `  ${before.join("")}${after.join("")}\n  ${margin}^`;
}
