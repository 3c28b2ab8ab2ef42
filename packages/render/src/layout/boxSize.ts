import type { Box, Drawing, Edge } from "../graph/drawing.ts";
import { textWidth } from "../text/measure.ts";

/** A line of text in a box or beside an edge, as it will be set. */
export interface SetLine {
  readonly role: "name" | "formula" | "shape" | "value" | "adjoint" | "count";
  readonly text: string;
  readonly size: number;
  readonly width: number;
}

/** Width and height. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Font sizes; a slide shows them at about the size of its text. */
const NAME_SIZE = 14;
const LINE_SIZE = 12;
export const EDGE_SIZE = 11;

/** A line takes so many times the size of its font. */
const LEADING = 1.35;

const PADDING = 9;

/** Name and formula stand in one line up to this width. */
const ONE_LINE = 190;

/** The lines of a box from top to bottom. */
export function boxLines({ name, formula, lines }: Box): readonly SetLine[] {
  const head = formula === undefined ? name : `${name} = ${formula}`;
  const out: SetLine[] = [];
  if (formula === undefined || textWidth(head, NAME_SIZE) <= ONE_LINE) {
    out.push(setLine("name", head, NAME_SIZE));
  } else {
    out.push(setLine("name", name, NAME_SIZE), setLine("formula", `= ${formula}`, LINE_SIZE));
  }
  for (const { role, text } of lines) out.push(setLine(role, text, LINE_SIZE));
  return out;
}

function setLine(role: SetLine["role"], text: string, size: number): SetLine {
  return { role, text, size, width: textWidth(text, size) };
}

/** Height of a line of text. */
export function lineHeight(size: number): number {
  return size * LEADING;
}

/** The room that the lines of a box take. */
export function boxSize(lines: readonly SetLine[]): Size {
  let width = 0;
  let height = 0;
  for (const line of lines) {
    width = Math.max(width, line.width);
    height += lineHeight(line.size);
  }
  return { width: Math.ceil(width + 2 * PADDING), height: Math.ceil(height + PADDING) };
}

/** Between the forward arrow and the one that leads back. */
export const TRACKS = 6;

/** Free room between a label and what is beside it. */
const AIR = 4;

/**
 * The room of an edge's labels: the local derivative on one side of the arrows, what comes back on
 * the other. `undefined` where it has none.
 */
export function labelSize(
  { local, back }: Edge,
  direction: Drawing["direction"],
): Size | undefined {
  if (local === undefined && back === undefined) return undefined;
  const widths = [local, back].map((text) =>
    text === undefined ? 0 : textWidth(text, EDGE_SIZE) + AIR,
  ) as [number, number];
  const line = lineHeight(EDGE_SIZE);
  // Both sides have the same room, so that the arrows pass through the middle.
  if (direction === "LR")
    return { width: Math.ceil(Math.max(...widths)), height: Math.ceil(2 * line + TRACKS) };
  return { width: Math.ceil(2 * Math.max(...widths) + TRACKS + AIR), height: Math.ceil(line) };
}
