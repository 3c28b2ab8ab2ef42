import type { Random } from "../../random/index.ts";
import type { Point } from "./digitStrokes.ts";

/** Waves of the elastic part: enough to bend strokes apart, too few to make them tremble. */
const WAVES = 4;

/**
 * A random affine map about the middle of the box, followed by a smooth random bend of the plane.
 *
 * At strength 1: turns by up to 0.2 (11°), slants by up to 0.3, sizes of 0.8 … 1.1, bends by about 0.03; strength
 * scales all of them, 0 moves nothing.
 */
export function deformation(random: Random, strength: number): (point: Point) => Point {
  const within = (range: number): number => strength * range * (2 * random.uniform() - 1);
  const [turn, slant] = [within(0.2), within(0.3)];
  const [wide, high] = [1 - 0.05 * strength + within(0.15), 1 - 0.05 * strength + within(0.1)];
  const [right, down] = [within(0.05), within(0.05)];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const waves = Array.from({ length: WAVES }, () => ({
    // Up to one wave over the box.
    along: 2 * Math.PI * random.uniform(),
    across: 2 * Math.PI * random.uniform(),
    phase: 2 * Math.PI * random.uniform(),
    x: 0.022 * strength * random.normal(),
    y: 0.022 * strength * random.normal(),
  }));
  return ([px, py]) => {
    const [x, y] = [(px - 0.5) * wide - slant * (py - 0.5), (py - 0.5) * high];
    let moved: Point = [0.5 + right + cos * x - sin * y, 0.5 + down + sin * x + cos * y];
    for (const wave of waves) {
      const bend = Math.sin(wave.along * px + wave.across * py + wave.phase);
      moved = [moved[0] + wave.x * bend, moved[1] + wave.y * bend];
    }
    return moved;
  };
}
