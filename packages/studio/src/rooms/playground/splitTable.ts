import { ArgumentError } from "@chainrule/core";

/** A row of a table, and the line of the text on which it begins, from 1. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** More letters than a thousand rows of numbers have. */
const LONGEST = 500_000;
const MOST_COLUMNS = 50;

/**
 * Rows of CSV text: fields divided by commas, semicolons or tabs, whichever the first line has most of; quotes as in
 * RFC 4180; empty lines left out.
 *
 * Throws ArgumentError naming the line for quotes that do not close, and rows of another length.
 */
export function splitTable(text: string): {
  readonly rows: readonly TableRow[];
  readonly comma: boolean;
} {
  if (text.length > LONGEST) {
    throw new ArgumentError(
      `table: a text must have at most ${LONGEST} letters, got ${text.length}`,
    );
  }
  const plain = text.replace(/^\uFEFF/, "");
  const first = plain.slice(0, plain.search(/\r|\n|$/));
  const counts = [",", ";", "\t"].map((one) => [first.split(one).length, one] as const);
  const [, delimiter] = counts.reduce((best, one) => (one[0] > best[0] ? one : best));
  const rows = rowsOf(plain, delimiter);
  const width = rows[0]?.cells.length ?? 0;
  if (width > MOST_COLUMNS) {
    throw new ArgumentError(`table: there must be at most ${MOST_COLUMNS} columns, got ${width}`);
  }
  const wrong = rows.find(({ cells }) => cells.length !== width);
  if (wrong !== undefined) {
    throw new ArgumentError(
      `table: line ${wrong.line}: a row must have as many fields as the first, ${width}, got ${wrong.cells.length}`,
    );
  }
  return { rows, comma: delimiter === "," };
}

function rowsOf(text: string, delimiter: string): readonly TableRow[] {
  const rows: TableRow[] = [];
  let cells: string[] = [];
  let [line, begun, at] = [1, 1, 0];
  while (at <= text.length) {
    const cell = text[at] === '"' ? quoted(text, at, line) : bare(text, at, delimiter);
    cells.push(cell.value.trim());
    line += cell.lines;
    at = cell.end;
    if (text[at] === delimiter) {
      at++;
      continue;
    }
    if (at < text.length && text[at] !== "\n" && text[at] !== "\r") {
      throw new ArgumentError(
        `table: line ${line}: after closing quotes a field must end, got ${JSON.stringify(text[at])}`,
      );
    }
    if (cells.length > 1 || cells[0] !== "") rows.push({ line: begun, cells });
    cells = [];
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line++;
    begun = line;
  }
  return rows;
}

interface Cell {
  readonly value: string;
  readonly end: number;
  /** Line ends inside. */
  readonly lines: number;
}

function bare(text: string, start: number, delimiter: string): Cell {
  let end = start;
  while (end < text.length && !`${delimiter}\r\n`.includes(text[end] as string)) end++;
  return { value: text.slice(start, end), end, lines: 0 };
}

function quoted(text: string, start: number, line: number): Cell {
  let value = "";
  let from = start + 1;
  for (;;) {
    const close = text.indexOf('"', from);
    if (close < 0) {
      throw new ArgumentError(
        `table: line ${line}: quotes must close, got a text without their end`,
      );
    }
    value += text.slice(from, close);
    if (text[close + 1] !== '"') {
      return { value, end: close + 1, lines: value.split("\n").length - 1 };
    }
    value += '"';
    from = close + 2;
  }
}
