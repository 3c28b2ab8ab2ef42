import type { Place, Placed } from "./layout.ts";

/** Rounding of coordinates may make neighbours touch. */
const TOUCH = 0.01;

/** Whether two rectangles share more than an edge. */
export function overlap(a: Place, b: Place): boolean {
  return (
    Math.abs(a.x - b.x) < (a.width + b.width) / 2 - TOUCH &&
    Math.abs(a.y - b.y) < (a.height + b.height) / 2 - TOUCH
  );
}

/** Whether no two boxes and labels overlap: a sweep from left to right. */
export function areDisjoint({ boxes, labels }: Pick<Placed, "boxes" | "labels">): boolean {
  const all = [...boxes, ...labels.flatMap((label) => label ?? [])];
  all.sort((a, b) => a.x - a.width / 2 - (b.x - b.width / 2));
  let active: Place[] = [];
  for (const place of all) {
    const left = place.x - place.width / 2;
    active = active.filter(({ x, width }) => x + width / 2 > left);
    for (const other of active) if (overlap(place, other)) return false;
    active.push(place);
  }
  return true;
}
