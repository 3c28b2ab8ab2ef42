import type { Position } from "../graph/options.ts";
import { chooseCuts, gapsOf } from "./chooseCuts.ts";
import type { LayoutInput, Place, Placed } from "./layout.ts";

/** A picture longer than so many times its height is broken into rows … */
const TOO_LONG = 5;

/** … until it is about as wide as a slide, measured in its height. */
const SLIDE = 2;

/** Between two rows, for the arrows that lead from one to the next. */
const BETWEEN = 44;

/** More room where scopes have names above their boxes. */
const BETWEEN_SCOPES = 84;

/** Between the arrows from row to row, each with the one that leads back. */
const LANE = 12;

/** More boxes than these are no picture for a slide, in rows or not. */
const MOST_BOXES = 500;

/** Between a row and the arrows beside it. */
const SIDE = 18;

/** More arrows than these across a break would be a tangle. */
const MOST_LANES = 6;

/**
 * A long strip in rows, read like lines of text. What is in `whole`, such as the boxes of a scope, has
 * rows of its own where it does not fit in one. `undefined` where the picture is no strip, or has no place for breaks.
 */
export function wrapRows(
  input: LayoutInput,
  placed: Placed,
  whole: readonly (readonly number[])[] = [],
): Placed | undefined {
  if (input.direction === "TB") {
    const turned = wrapLines(input, transpose(placed), whole);
    return turned && transpose(turned);
  }
  return wrapLines(input, placed, whole);
}

function transpose({ boxes, labels, ways }: Placed): Placed {
  const turn = ({ x, y, width, height }: Place): Place => ({
    x: y,
    y: x,
    width: height,
    height: width,
  });
  return {
    boxes: boxes.map(turn),
    labels: labels.map((label) => label && turn(label)),
    ways: ways.map((way) => way.map(({ x, y }) => ({ x: y, y: x }))),
  };
}

type Edge = LayoutInput["edges"][number];

interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function extentOf(places: readonly Place[]): Extent {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y, width, height } of places) {
    left = Math.min(left, x - width / 2);
    right = Math.max(right, x + width / 2);
    top = Math.min(top, y - height / 2);
    bottom = Math.max(bottom, y + height / 2);
  }
  return { left, right, top, bottom };
}

function wrapLines(
  { edges, parents }: LayoutInput,
  placed: Placed,
  whole: readonly (readonly number[])[],
): Placed | undefined {
  const { boxes, labels, ways } = placed;
  if (boxes.length > MOST_BOXES) return undefined;
  const all = [...boxes, ...labels.flatMap((label) => label ?? [])];
  const { left, right, top, bottom } = extentOf(all);
  // What enters the graph goes to the row of who uses it first, and does not decide about breaks.
  const free = new Uint8Array(boxes.length).fill(1);
  for (const { to } of edges) free[to] = 0;
  const between = parents.length > 0 ? BETWEEN_SCOPES : BETWEEN;
  const height = bottom - top + between;
  if (right - left < TOO_LONG * (bottom - top) || right - left < 2 * SLIDE * height)
    return undefined;
  const rows = Math.max(2, Math.round(Math.sqrt((right - left) / (SLIDE * height))));
  const crossing = (gap: number): number => {
    let count = 0;
    for (const { from, to } of edges) {
      if (free[from] === 1) continue;
      if ((boxes[from] as Place).x < gap && (boxes[to] as Place).x > gap) count++;
    }
    return count;
  };
  const bound = [
    ...boxes.filter((_, i) => free[i] === 0),
    ...labels.filter((_, i) => free[(edges[i] as Edge).from] === 0).flatMap((one) => one ?? []),
  ];
  const gaps = gapsOf(bound).map((x) => ({ x, arrows: crossing(x) }));
  const length = (right - left) / rows;
  const forced = whole.flatMap((list) => {
    const own = extentOf(list.flatMap((i) => (free[i] === 0 ? [boxes[i] as Place] : [])));
    if (own.right - own.left < length) return [];
    const before = gaps.findLast(({ x }) => x <= own.left)?.x;
    const behind = gaps.find(({ x }) => x >= own.right)?.x;
    return [before ?? [], behind ?? []].flat();
  });
  const cuts = chooseCuts(gaps, length, [left, right], new Set(forced));
  if (cuts.length === 0) return undefined;
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
    const { from } = edges[i] as Edge;
    return Math.max(rowOf(label?.x ?? -Infinity), rowOfBox[from] as number);
  });
  const members: Place[][] = Array.from({ length: cuts.length + 1 }, () => []);
  boxes.forEach((box, i) => void members[rowOfBox[i] as number]?.push(box));
  labels.forEach((label, i) => {
    if (label !== undefined) members[rowOfLabel[i] as number]?.push(label);
  });
  if (members.some(({ length }) => length === 0)) return undefined;
  const lanes = new Map<number, number>();
  const laneOf: number[] = [];
  for (const [i, { from, to }] of edges.entries()) {
    const [a, b] = [rowOfBox[from] as number, rowOfBox[to] as number];
    if (b < a) return undefined;
    if (a === b) continue;
    laneOf[i] = lanes.get(b) ?? 0;
    lanes.set(b, (laneOf[i] as number) + 1);
  }
  if ([...lanes.values()].some((count) => count > MOST_LANES)) return undefined;
  const extents = members.map(extentOf);
  const far = left + Math.max(...extents.map((row) => row.right - row.left)) + SIDE;
  const shifts: Position[] = [];
  let next = top;
  extents.forEach((row, i) => {
    if (i > 0) next += between + LANE * (lanes.get(i) ?? 0);
    shifts.push({ x: left - row.left, y: next - row.top });
    next += row.bottom - row.top;
  });
  const move = <P extends Position>(point: P, row: number): P => {
    const { x, y } = shifts[row] as Position;
    return { ...point, x: point.x + x, y: point.y + y };
  };
  const moved = members.map((row, i) => row.map((place) => move(place, i)));
  return {
    boxes: boxes.map((box, i) => move(box, rowOfBox[i] as number)),
    labels: labels.map((label, i) => label && move(label, rowOfLabel[i] as number)),
    ways: ways.map((way, i) => {
      const { from, to } = edges[i] as Edge;
      const [start, end] = [boxes[from] as Place, boxes[to] as Place];
      const [a, b] = [rowOfBox[from] as number, rowOfBox[to] as number];
      if (a === b) return way.map((point) => move(point, a));
      const lane = ((laneOf[i] as number) + 1) * LANE;
      const near = left - SIDE - lane;
      // An arrow to the next row turns where its row ends; others pass beside all rows.
      const rowEnd = (extents[a] as Extent).right + (shifts[a] as Position).x + SIDE;
      const turn = (b === a + 1 ? Math.min(rowEnd, far) : far) + lane;
      const before = way
        .filter(({ x }) => x <= (cuts[a] as number))
        .map((point) => move(point, a))
        .filter(({ x }) => x <= turn - lane);
      const behind = way
        .filter(({ x }) => x > (cuts[b - 1] as number))
        .map((point) => move(point, b))
        .filter(({ x }) => x >= near);
      const leaves = before.at(-1)?.y ?? move(start, a).y;
      const enters = behind[0]?.y ?? move(end, b).y;
      const level =
        (extents[b] as Extent).top + (shifts[b] as Position).y - between / 2 - lane + LANE;
      return [
        ...before,
        ...[
          { x: turn, y: leaves },
          { x: turn, y: level },
          { x: near, y: level },
          ...entry({ x: near, y: enters }, behind[0] ?? move(end, b), moved[b] as Place[]),
        ],
        ...behind,
      ];
    }),
  };
}

/** Between an arrow and a box that it passes. */
const PASSING = 10;

/** From the left side of a row to a point in it: straight, or around the box that is in the way. */
function entry(start: Position, goal: Position, row: readonly Place[]): Position[] {
  const blocked = (y: number, until: number): Place | undefined =>
    row.find(
      (place) =>
        Math.abs(place.y - y) < place.height / 2 + PASSING / 2 &&
        place.x - place.width / 2 < until - 1 &&
        place.x + place.width / 2 <= goal.x + 1,
    );
  const first = blocked(start.y, goal.x);
  if (first === undefined) return [start];
  let until = -Infinity;
  for (const { x, width } of row) {
    if (x + width / 2 <= goal.x + 1) until = Math.max(until, x + width / 2);
  }
  until = Math.min(until, first.x + first.width / 2);
  const free = [...row]
    .flatMap(({ y, height }) => [y - height / 2 - PASSING, y + height / 2 + PASSING])
    .sort((a, b) => Math.abs(a - start.y) - Math.abs(b - start.y))
    .find((y) => blocked(y, until) === undefined);
  if (free === undefined) return [start];
  return [
    { x: start.x, y: free },
    { x: until, y: free },
  ];
}
