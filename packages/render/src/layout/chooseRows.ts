import { chooseCuts, gapsOf } from "./chooseCuts.ts";
import type { LayoutInput, Place, Placed } from "./layout.ts";
import { extentOf } from "./rowWays.ts";

/** Which row everything goes to. */
export interface Rows {
  /** Where the strip is cut. */
  readonly cuts: readonly number[];
  readonly rowOfBox: readonly number[];
  readonly rowOfLabel: readonly number[];
  /** Boxes and labels of each row, at their places in the strip. */
  readonly members: readonly (readonly Place[])[];
}

/** About so many rows, from left to right; `undefined` where there is no place for a break. */
export function chooseRows(
  { edges }: LayoutInput,
  { boxes, labels }: Placed,
  whole: readonly (readonly number[])[],
  count: number,
): Rows | undefined {
  const { left, right } = extentOf([...boxes, ...labels.flatMap((one) => one ?? [])]);
  // What enters the graph goes to the row of who uses it first, and does not decide about breaks.
  const free = new Uint8Array(boxes.length).fill(1);
  for (const { to } of edges) free[to] = 0;
  const bound = edges.filter(({ from }) => free[from] === 0);
  const length = (right - left) / count;
  const places = [
    ...boxes.filter((_, i) => free[i] === 0),
    ...labels.flatMap((label, i) => (free[edges[i]?.from ?? 0] === 0 && label ? label : [])),
  ];
  const gaps = gapsOf(places).map((x) => ({
    x,
    arrows: bound.filter(({ from, to }) => xOf(boxes, from) < x && xOf(boxes, to) > x).length,
  }));
  const forced = whole.flatMap((list) => {
    const own = extentOf(list.flatMap((i) => (free[i] === 0 ? [boxes[i] as Place] : [])));
    if (own.right - own.left < length) return [];
    const before = gaps.findLast(({ x }) => x <= own.left)?.x;
    const behind = gaps.find(({ x }) => x >= own.right)?.x;
    return [before ?? [], behind ?? []].flat();
  });
  const cuts = chooseCuts(gaps, length, [left, right], new Set(forced));
  if (cuts.length === 0) return undefined;
  const rowsOf = assign({ boxes, labels, edges }, cuts, free);
  return rowsOf.members.some(({ length: own }) => own === 0) ? undefined : rowsOf;
}

function xOf(boxes: readonly Place[], at: number): number {
  return (boxes[at] as Place).x;
}

function assign(
  { boxes, labels, edges }: Pick<Placed, "boxes" | "labels"> & Pick<LayoutInput, "edges">,
  cuts: readonly number[],
  free: Uint8Array,
): Rows {
  const rowOf = (x: number): number => {
    let row = 0;
    while (row < cuts.length && x > (cuts[row] as number)) row++;
    return row;
  };
  const rowOfBox = boxes.map(({ x }) => rowOf(x));
  const users = boxes.map(() => Infinity);
  for (const { from, to } of edges) {
    users[from] = Math.min(users[from] as number, rowOfBox[to] as number);
  }
  boxes.forEach((_, i) => {
    if (free[i] === 1 && users[i] !== Infinity) rowOfBox[i] = users[i] as number;
  });
  const rowOfLabel = labels.map((label, i) => {
    const { from } = edges[i] as LayoutInput["edges"][number];
    return Math.max(rowOf(label?.x ?? -Infinity), rowOfBox[from] as number);
  });
  const members: Place[][] = Array.from({ length: cuts.length + 1 }, () => []);
  boxes.forEach((box, i) => void members[rowOfBox[i] as number]?.push(box));
  labels.forEach((label, i) => {
    if (label !== undefined) members[rowOfLabel[i] as number]?.push(label);
  });
  return { cuts, rowOfBox, rowOfLabel, members };
}
