import type { Point } from "./chart.ts";
import type { Interval } from "./figure.ts";

/** Every second pixel of a plot of usual width. */
const SAMPLES = 320;
/** Halvings until an edge or a jump is narrower than any pixel. */
const HALVINGS = 24;

/** Evenly spaced places of a domain, both ends included. */
export function places([low, high]: Interval, count: number = SAMPLES): readonly number[] {
  return Array.from({ length: count + 1 }, (_, i) => low + (high - low) * (i / count));
}

/**
 * A function as lines: gaps where it is not finite, and where it jumps.
 *
 * A jump keeps its height when the step between two samples is halved again and again; a steep
 * slope loses it. Edges of the domain of f, as of √x, are found by halving too.
 */
export function sampleCurve(
  f: (x: number) => number,
  at: readonly number[],
  [low, high]: Interval,
): readonly (readonly Point[])[] {
  const pieces: Point[][] = [];
  let piece: Point[] = [];
  const cut = (): void => {
    if (piece.length > 1) pieces.push(piece);
    piece = [];
  };
  let before: Point | undefined;
  for (const x of at) {
    const now: Point = [x, f(x)];
    if (before !== undefined && Number.isFinite(before[1]) !== Number.isFinite(now[1])) {
      const edge = edgeBetween(f, before, now);
      piece.push(edge);
      if (!Number.isFinite(now[1])) cut();
    } else if (before !== undefined && Number.isFinite(now[1])) {
      if (Math.abs(now[1] - before[1]) > STEEP * (high - low)) {
        const jump = jumpBetween(f, before, now);
        if (jump !== undefined) {
          if (Number.isFinite(jump[0][1])) piece.push(jump[0]);
          cut();
          if (Number.isFinite(jump[1][1])) piece.push(jump[1]);
        }
      }
    }
    if (Number.isFinite(now[1])) piece.push(now);
    before = now;
  }
  cut();
  return pieces;
}

/** A share of the height that a smooth line rarely takes in one of its steps. */
const STEEP = 0.05;

/** The last finite point on the way to where f is not finite. */
function edgeBetween(f: (x: number) => number, a: Point, b: Point): Point {
  let [inside, outside] = Number.isFinite(a[1]) ? [a, b] : [b, a];
  for (let i = 0; i < HALVINGS; i++) {
    const x = (inside[0] + outside[0]) / 2;
    const middle: Point = [x, f(x)];
    if (Number.isFinite(middle[1])) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** Both sides of a jump, or undefined where the line only is steep. */
function jumpBetween(f: (x: number) => number, a: Point, b: Point): [Point, Point] | undefined {
  const height = Math.abs(b[1] - a[1]);
  let [left, right] = [a, b];
  for (let i = 0; i < HALVINGS; i++) {
    const x = (left[0] + right[0]) / 2;
    const middle: Point = [x, f(x)];
    if (!Number.isFinite(middle[1])) return [left, right];
    if (Math.abs(middle[1] - left[1]) > Math.abs(right[1] - middle[1])) right = middle;
    else left = middle;
  }
  return Math.abs(right[1] - left[1]) > height / 2 ? [left, right] : undefined;
}
