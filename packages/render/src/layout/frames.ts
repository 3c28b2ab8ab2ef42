import type { Cluster } from "../graph/drawing.ts";
import { textWidth } from "../text/measure.ts";
import type { Place } from "./layout.ts";

/** The rectangle around an open scope, by its middle. */
export interface Frame extends Place {
  readonly label: string;
  readonly id: string;
  /** How deep it lies in others. */
  readonly depth: number;
}

/** Size of the font of a scope's name. */
export const FRAME_SIZE = 12;

const PADDING = 8;

/** Room for the name, above the boxes. */
export const FRAME_HEAD = 18;

/** Frames around the boxes of every open scope, outer ones first. */
export function frameClusters(
  clusters: readonly Cluster[],
  clusterOf: readonly number[],
  boxes: readonly Place[],
): Frame[] {
  const sides = clusters.map(() => [Infinity, Infinity, -Infinity, -Infinity] as Sides);
  boxes.forEach(({ x, y, width, height }, i) => {
    const at = clusterOf[i] as number;
    const own: Sides = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
    if (at >= 0) grow(sides[at] as Sides, own);
  });
  const depths: number[] = [];
  for (const { parent } of clusters) depths.push(parent < 0 ? 0 : (depths[parent] as number) + 1);
  for (let at = clusters.length - 1; at >= 0; at--) {
    const own = sides[at] as Sides;
    const { parent, label } = clusters[at] as Cluster;
    const name = textWidth(label, FRAME_SIZE);
    const padded: Sides = [
      own[0] - PADDING,
      own[1] - PADDING - FRAME_HEAD,
      Math.max(own[2], own[0] + name) + PADDING,
      own[3] + PADDING,
    ];
    sides[at] = padded;
    if (parent >= 0) grow(sides[parent] as Sides, padded);
  }
  return clusters.map(({ id, label }, at) => {
    const [left, top, right, bottom] = sides[at] as Sides;
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
    return {
      ...middle,
      width: right - left,
      height: bottom - top,
      id,
      label,
      depth: depths[at] as number,
    };
  });
}

type Sides = [left: number, top: number, right: number, bottom: number];

function grow(sides: Sides, by: Sides): void {
  sides[0] = Math.min(sides[0], by[0]);
  sides[1] = Math.min(sides[1], by[1]);
  sides[2] = Math.max(sides[2], by[2]);
  sides[3] = Math.max(sides[3], by[3]);
}
