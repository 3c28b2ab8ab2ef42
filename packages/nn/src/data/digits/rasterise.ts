import type { Point } from "./digitStrokes.ts";

/** Lines of a pen, with the pen's radius at each point in units of the box. */
export interface Line {
  readonly points: readonly Point[];
  readonly radius: (along: number) => number;
}

/**
 * Ink in [0, 1] of every pixel, row by row: a round pen drawn along the lines, edges smoothed over one pixel.
 *
 * The ink is `½ + radius − distance`, in pixels, cut to [0, 1]: the share a straight edge covers.
 */
export function rasterise(lines: readonly Line[], size: number, ink: Float32Array): void {
  for (const { points, radius } of lines) {
    for (let i = 0; i + 1 < points.length; i++) {
      const from = points[i] as Point;
      const to = points[i + 1] as Point;
      drawSegment(from, to, radius(i / (points.length - 1)) * size, size, ink);
    }
  }
}

function drawSegment(
  from: Point,
  to: Point,
  radius: number,
  size: number,
  ink: Float32Array,
): void {
  const [x0, y0] = [from[0] * size - 0.5, from[1] * size - 0.5];
  const [dx, dy] = [(to[0] - from[0]) * size, (to[1] - from[1]) * size];
  const squared = dx * dx + dy * dy;
  const reach = radius + 1;
  const first = (a: number, d: number) => Math.max(0, Math.ceil(Math.min(a, a + d) - reach));
  const last = (a: number, d: number) => Math.min(size - 1, Math.floor(Math.max(a, a + d) + reach));
  for (let y = first(y0, dy); y <= last(y0, dy); y++) {
    for (let x = first(x0, dx); x <= last(x0, dx); x++) {
      const along = squared === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / squared;
      const t = Math.min(Math.max(along, 0), 1);
      const gap = Math.sqrt((x - x0 - t * dx) ** 2 + (y - y0 - t * dy) ** 2);
      const covered = Math.min(Math.max(0.5 + radius - gap, 0), 1);
      const place = y * size + x;
      if (covered > (ink[place] as number)) ink[place] = covered;
    }
  }
}
