import { ArgumentError, Tensor } from "@chainrule/core";
import { checkWhole, checkWithin } from "../checks.ts";
import { curve } from "./curve.ts";
import type { Stroke } from "./digitStrokes.ts";
import { type Line, rasterise } from "./rasterise.ts";

/** How strokes are drawn. */
export interface StrokeOptions {
  /** Pixels a side; 28 by default. */
  readonly size?: number;
  /** Width of the pen as a share of the image; 0.075 by default, the middle of those of `digits`. */
  readonly pen?: number;
}

/** Lines between two points of a stroke: enough for points as far apart as those of a designed digit. */
const PIECES = 8;

/**
 * Strokes as an image of shape [size, size] and type f32, ink in [0, 1]: what a hand has drawn, as `digits` draws.
 *
 * A smooth curve goes through the points of each stroke; a stroke of one point is a dot. What lies outside the box of
 * side 1 leaves no ink. Throws ArgumentError for coordinates that are not finite, and options out of range.
 */
export function drawStrokes(strokes: readonly Stroke[], options: StrokeOptions = {}): Tensor {
  const { size = 28, pen = 0.075 } = options;
  checkWhole("drawStrokes", "size", size, 4);
  checkWithin("drawStrokes", "pen", pen, 0, 1);
  for (const [x, y] of strokes.flat()) {
    if (Number.isFinite(x) && Number.isFinite(y)) continue;
    throw new ArgumentError(`drawStrokes: points must be finite, got (${x}, ${y})`);
  }
  const lines: Line[] = strokes.map((stroke) => ({
    points: stroke.length === 1 ? [...stroke, ...stroke] : curve(stroke, PIECES),
    radius: () => pen / 2,
  }));
  const ink = new Float32Array(size * size);
  rasterise(lines, size, ink);
  return new Tensor([size, size], ink);
}
