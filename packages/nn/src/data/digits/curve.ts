import type { Point, Stroke } from "./digitStrokes.ts";

/**
 * A smooth curve through the points of a stroke, as `pieces` straight lines between each two.
 *
 * Cubic Hermite with the tangent (next − previous) / 2, at the ends the chord.
 * Source: Catmull & Rom 1974, "A class of local interpolating splines".
 */
export function curve(stroke: Stroke, pieces: number): Point[] {
  const out: Point[] = [];
  const at = (i: number): Point => stroke[Math.min(Math.max(i, 0), stroke.length - 1)] as Point;
  for (let i = 0; i + 1 < stroke.length; i++) {
    const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let step = i === 0 ? 0 : 1; step <= pieces; step++) {
      const t = step / pieces;
      out.push([
        hermite(t, from[0], to[0], (to[0] - before[0]) / 2, (after[0] - from[0]) / 2),
        hermite(t, from[1], to[1], (to[1] - before[1]) / 2, (after[1] - from[1]) / 2),
      ]);
    }
  }
  return out;
}

function hermite(t: number, from: number, to: number, leaving: number, arriving: number): number {
  const [square, cube] = [t * t, t * t * t];
  return (
    (2 * cube - 3 * square + 1) * from +
    (cube - 2 * square + t) * leaving +
    (3 * square - 2 * cube) * to +
    (cube - square) * arriving
  );
}
