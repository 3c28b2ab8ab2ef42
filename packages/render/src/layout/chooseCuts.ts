import type { Place } from "./layout.ts";

/** Middles of the stretches that no box and no label covers. */
export function gapsOf(all: readonly Place[]): number[] {
  const sorted = [...all].sort((a, b) => a.x - a.width / 2 - (b.x - b.width / 2));
  const gaps: number[] = [];
  let reach = -Infinity;
  for (const { x, width } of sorted) {
    if (x - width / 2 > reach + 1 && reach > -Infinity) gaps.push((reach + x - width / 2) / 2);
    reach = Math.max(reach, x + width / 2);
  }
  return gaps;
}

/** A place for a break, and how many arrows it would cut. */
export interface Gap {
  readonly x: number;
  readonly arrows: number;
}

/** What a row costs more than one that is full, by its length over the length wished. */
function costOf(ratio: number, last: boolean): number {
  if (ratio > 1) return FULL * (ratio - 1) ** 2;
  return last ? 0 : (1 - ratio) ** 2;
}

/** Longer rows make all letters smaller. */
const FULL = 8;

/** A break costs this, and this for each arrow that it cuts. */
const BREAK = 0.1;
const ARROW = 0.08;

/** The cheapest breaks, those forced among them; by dynamic programming over the gaps. */
export function chooseCuts(
  gaps: readonly Gap[],
  length: number,
  [left, right]: readonly [number, number],
  forced: ReadonlySet<number>,
): number[] {
  const ends = [...gaps, { x: right, arrows: 0 }];
  const best: { cost: number; before: number }[] = [];
  ends.forEach((end, i) => {
    const last = i === gaps.length;
    let found = { cost: Infinity, before: -1 };
    for (let k = i - 1; k >= -1; k--) {
      const start = k < 0 ? left : (ends[k] as Gap).x;
      const sum = (k < 0 ? 0 : (best[k]?.cost ?? 0)) + costOf((end.x - start) / length, last);
      if (sum < found.cost) found = { cost: sum, before: k };
      if (k >= 0 && forced.has(start)) break;
    }
    best.push({ cost: found.cost + (last ? 0 : BREAK + ARROW * end.arrows), before: found.before });
  });
  const cuts: number[] = [];
  for (let at = best.at(-1)?.before ?? -1; at >= 0; at = best[at]?.before ?? -1) {
    cuts.push((gaps[at] as Gap).x);
  }
  return cuts.reverse();
}
