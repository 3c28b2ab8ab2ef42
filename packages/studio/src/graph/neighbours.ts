import type { PlainPicture } from "./plainPicture.ts";

/** Keys that walk along a graph's arrows. */
export type WalkKey = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End";

const keys: ReadonlySet<string> = new Set<WalkKey>([
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
]);

/** Whether a key walks. */
export function isWalkKey(key: string): key is WalkKey {
  return keys.has(key);
}

/**
 * The box that a key leads to from another: with the arrows to a user, against them to an argument, across to the
 * next box beside it; Home and End to the first and the last. The box itself where there is none.
 */
export function walkTo(
  { boxes, edges, direction }: PlainPicture,
  at: number,
  key: WalkKey,
): number {
  const across = (i: number): number => (direction === "LR" ? boxes[i]?.y : boxes[i]?.x) ?? 0;
  const along = (i: number): number => (direction === "LR" ? boxes[i]?.x : boxes[i]?.y) ?? 0;
  const straightest = (all: readonly number[]): number =>
    all.reduce((best, one) => (nearer(one, best) ? one : best), all[0] ?? at);
  const nearer = (a: number, b: number): boolean =>
    Math.abs(across(a) - across(at)) < Math.abs(across(b) - across(at));
  if (key === "Home" || key === "End") {
    const order = boxes
      .map((_, i) => i)
      .sort((a, b) => along(a) - along(b) || across(a) - across(b));
    return (key === "Home" ? order[0] : order.at(-1)) ?? at;
  }
  const [forward, backward, next, before] =
    direction === "LR"
      ? (["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"] as const)
      : (["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"] as const);
  if (key === forward)
    return straightest(edges.filter(({ from }) => from === at).map(({ to }) => to));
  if (key === backward)
    return straightest(edges.filter(({ to }) => to === at).map(({ from }) => from));
  const sign = key === next ? 1 : key === before ? -1 : 0;
  const beside = boxes
    .map((_, i) => i)
    .filter((i) => i !== at && sign * (across(i) - across(at)) > 0.5);
  const distance = (i: number): number =>
    Math.abs(across(i) - across(at)) + 3 * Math.abs(along(i) - along(at));
  return beside.reduce((best, i) => (best === at || distance(i) < distance(best) ? i : best), at);
}
