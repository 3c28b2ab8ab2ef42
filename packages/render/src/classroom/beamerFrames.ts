import type { Inline } from "../derivation/document.ts";
import { escapeLatex } from "../latex/escapeLatex.ts";

/** A line of a slide that comes up by itself: `left = right`. */
export interface Row {
  readonly left: string;
  /** What it is equal to, step by step; the last is what the slide is for. */
  readonly right: readonly string[];
}

/** Lines that fill a slide. */
export const ROWS = 6;

/** A longer line is broken before its numbers, and takes the place of two. */
const WIDEST = 60;

/** Slides with a line an overlay, as many slides as the lines need. */
export function framed(title: string, rows: readonly Row[]): string[] {
  const pages: Row[][] = [];
  let room = 0;
  for (const row of rows) {
    const lines = isLong(row) ? 2 : 1;
    if (room < lines) {
      pages.push([]);
      room = ROWS;
    }
    pages.at(-1)?.push(row);
    room -= lines;
  }
  return pages.map((page) => frame([title], displayed(page.map((row, i) => overlay(row, i + 1)))));
}

function isLong({ left, right }: Row): boolean {
  // Commands and braces take no room, or as much as a letter.
  const visible = [left, ...right].join("=").replace(/\\[a-z]+(?:\{\})?|[{}_^\s]/gi, "");
  return right.length > 1 && visible.length > WIDEST;
}

/** A row that comes up with a step, its result marked while it is the newest. */
function overlay(row: Row, step: number): string {
  const { left, right } = row;
  const values = right.map((one, i) => {
    const last = right.length > 1 && i === right.length - 1;
    return last ? `\\alert<${step}>{${one}}` : one;
  });
  const up = (latex: string): string => `\\uncover<${step}->{${latex}}`;
  const [first = "", ...rest] = values;
  const tail = rest.map((one) => `{}= ${one}`).join(" ");
  if (isLong(row)) return `${up(left)} & ${up(`{}= ${first}`)} \\\\\n & ${up(tail)}`;
  return `${up(left)} & ${up(`{}= ${first} ${tail}`.trimEnd())}`;
}

/** Rows of `aligned` as a display. */
export function displayed(rows: readonly string[]): string {
  return `\\[\n\\begin{aligned}\n${rows.join(" \\\\[4pt]\n")}\n\\end{aligned}\n\\]`;
}

/** One slide. */
export function frame(title: readonly Inline[], body: string): string {
  return `\\begin{frame}{${inline(title)}}\n${body}\n\\end{frame}`;
}

/** Words and formulas of a title or a line. */
export function inline(content: readonly Inline[]): string {
  return content
    .map((part) => (typeof part === "string" ? escapeLatex(part) : `$${part.latex}$`))
    .join("");
}
