import { digitStrokes, drawStrokes, type Stroke } from "@chainrule/nn";
import { isWithin } from "../../../state/StateReader.ts";
import { SIZE } from "./readerModel.ts";

/** Strokes of a drawing, each x, y, x, y … in a box of side 1; plain numbers for the permalink. */
export type Drawing = readonly (readonly number[])[];

/** A patient hand; more would make the permalink longer than links may be. */
export const MOST_STROKES = 60;
/** Points of all strokes together. */
export const MOST_POINTS = 1500;
/** Points nearer than this say nothing new: a quarter of a pixel of what the reader sees. */
const NEAR = 0.015;

/** A drawing with a further point at the end of its last stroke, where there is room and it is not too near. */
export function extended(drawing: Drawing, x: number, y: number): Drawing {
  const last = drawing.at(-1);
  if (last === undefined || pointCount(drawing) >= MOST_POINTS) return drawing;
  const [beforeX = 0, beforeY = 0] = last.slice(-2);
  if (Math.hypot(x - beforeX, y - beforeY) < NEAR) return drawing;
  return [...drawing.slice(0, -1), [...last, rounded(x), rounded(y)]];
}

/** A drawing with a new stroke that begins here. */
export function begun(drawing: Drawing, x: number, y: number): Drawing {
  if (drawing.length >= MOST_STROKES || pointCount(drawing) >= MOST_POINTS) return drawing;
  return [...drawing, [rounded(x), rounded(y)]];
}

function pointCount(drawing: Drawing): number {
  return drawing.reduce((sum, stroke) => sum + stroke.length / 2, 0);
}

function rounded(value: number): number {
  return Number(Math.min(1, Math.max(0, value)).toFixed(3));
}

/** A digit as it is designed. */
export function exampleDigit(digit: number): Drawing {
  const [first = []] = digitStrokes[digit] ?? [];
  return first.map((stroke) => stroke.flat());
}

/** What a permalink may hold for a drawing. */
export function readDrawing(found: unknown): Drawing | undefined {
  if (!Array.isArray(found) || found.length > MOST_STROKES) return undefined;
  const fits = found.every(
    (stroke) =>
      Array.isArray(stroke) &&
      stroke.length >= 2 &&
      stroke.length % 2 === 0 &&
      stroke.every((one) => isWithin(one, 0, 1)),
  );
  return fits && pointCount(found) <= MOST_POINTS ? found : undefined;
}

/** The height of the digits that the reader has learnt from. */
const HEIGHT = 0.74;
/** The width of its pen, the middle of those it has seen. */
const PEN = 0.085;

/**
 * A drawing as the reader sees it: as large and in the middle as what it has learnt from, moved by whole pixels to
 * the right, drawn with one pen.
 *
 * Shapes: 16 rows of 16 numbers, ink in [0, 1].
 */
export function inkOf(drawing: Drawing, shift: number): readonly (readonly number[])[] {
  const strokes = fitted(drawing).map((stroke): Stroke => {
    return stroke.map(([x, y]) => [x + shift / SIZE, y] as const);
  });
  return drawStrokes(strokes, { size: SIZE, pen: PEN }).toArray() as number[][];
}

/** The points of a stroke, x and y. */
export function pointsOf(stroke: readonly number[]): Stroke {
  return stroke.flatMap((x, i) => (i % 2 === 0 ? [[x, stroke[i + 1] ?? 0] as const] : []));
}

function fitted(drawing: Drawing): readonly Stroke[] {
  const strokes = drawing.map(pointsOf);
  const all = strokes.flat();
  if (all.length === 0) return [];
  const [left, right] = ends(all.map(([x]) => x));
  const [top, bottom] = ends(all.map(([, y]) => y));
  // A dot or a short line stays as small as it is.
  const scale = HEIGHT / Math.max(right - left, bottom - top, HEIGHT / 4);
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => [0.5 + scale * (x - middleX), 0.5 + scale * (y - middleY)] as const),
  );
}

function ends(values: readonly number[]): readonly [number, number] {
  return values.reduce<readonly [number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}
