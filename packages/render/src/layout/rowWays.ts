import type { Position } from "../graph/options.ts";
import type { Rows } from "./chooseRows.ts";
import type { LayoutInput, Place } from "./layout.ts";
import { LANE } from "./wrapRows.ts";

/** Between a row and the arrows beside it. */
const SIDE = 18;

/** Between an arrow and a box that it passes. */
const PASSING = 10;

/** So many arrows from row to row with one end in common share a line above the rows. */
const HUB = 4;

/** Between a box and the line above its row, where an arrow turns up or down. */
const TURN = 30;

type Edge = LayoutInput["edges"][number];

/** The sides of a row. */
export interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The sides of what stands in a row. */
export function extentOf(places: readonly Place[]): Extent {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y, width, height } of places) {
    left = Math.min(left, x - width / 2);
    right = Math.max(right, x + width / 2);
    top = Math.min(top, y - height / 2);
    bottom = Math.max(bottom, y + height / 2);
  }
  return { left, right, top, bottom };
}

/** The arrows that lead from row to row. */
export interface Crossings {
  readonly rows: readonly { readonly from: number; readonly to: number }[];
  /** The box whose arrows share one line, by arrow. */
  readonly hubs: readonly (number | undefined)[];
  /** The line of each arrow on its way to its row, and how many such lines a row has. */
  readonly laneOf: readonly number[];
  readonly lanes: readonly number[];
  /** The line above a row that a hub's arrows share, and how many such lines a row has. */
  readonly busOf: (hub: number, row: number) => number;
  readonly buses: readonly number[];
}

/** How the arrows between rows share room; `undefined` where one would lead back. */
export function crossings(
  edges: readonly Edge[],
  labels: readonly (Place | undefined)[],
  { rowOfBox, members }: Rows,
): Crossings | undefined {
  const rows = edges.map(({ from, to }) => ({
    from: rowOfBox[from] as number,
    to: rowOfBox[to] as number,
  }));
  if (rows.some(({ from, to }) => to < from)) return undefined;
  const leaving = new Map<number, number>();
  const arriving = new Map<number, number>();
  const count = (table: Map<number, number>, key: number): void =>
    void table.set(key, (table.get(key) ?? 0) + 1);
  const crosses = (i: number): boolean => rows[i]?.from !== rows[i]?.to && labels[i] === undefined;
  edges.forEach(({ from, to }, i) => {
    if (!crosses(i)) return;
    count(leaving, from);
    count(arriving, to);
  });
  const hubs = edges.map(({ from, to }, i) => {
    if (!crosses(i)) return undefined;
    if ((arriving.get(to) as number) >= HUB) return to;
    return (leaving.get(from) as number) >= HUB ? from : undefined;
  });
  const lanes = members.map(() => 0);
  const buses = members.map(() => 0);
  const places = new Map<string, number>();
  const placeOf = (key: string, counts: number[], row: number): number => {
    const known = places.get(key) ?? (counts[row] as number);
    if (!places.has(key)) {
      places.set(key, known);
      counts[row] = (counts[row] as number) + 1;
    }
    return known;
  };
  const laneOf = rows.map(({ from, to }, i) => {
    const hub = hubs[i];
    if (from === to) return 0;
    if (hub !== undefined) for (const row of [from, to]) placeOf(`bus ${hub} ${row}`, buses, row);
    return placeOf(`lane ${hub === undefined ? `of ${i}` : hub} ${to}`, lanes, to);
  });
  const busOf = (hub: number, row: number): number => places.get(`bus ${hub} ${row}`) ?? 0;
  return { rows, hubs, laneOf, lanes, busOf, buses };
}

/** A picture whose rows have their places. */
export interface Wrapping {
  readonly rows: Rows;
  readonly crossing: Crossings;
  readonly extents: readonly Extent[];
  readonly members: readonly (readonly Place[])[];
  readonly boxes: readonly Place[];
  readonly between: number;
  /** Room for the names of scopes above the boxes of a row. */
  readonly head: number;
  readonly move: <P extends Position>(point: P, row: number) => P;
}

/** The way of an edge: as it was in its row, else around the end of one row to the start of another. */
export function rowWay(
  wrapping: Wrapping,
  edge: Edge,
  way: readonly Position[],
  index: number,
): Position[] {
  const { crossing, extents, between, head, move, boxes, members, rows } = wrapping;
  const { from: a, to: b } = crossing.rows[index] as Crossings["rows"][number];
  if (a === b) return way.map((point) => move(point, a));
  const lane = ((crossing.laneOf[index] as number) + 1) * LANE;
  const [start, end] = [boxes[edge.from] as Place, boxes[edge.to] as Place];
  const near = Math.min(...extents.map(({ left }) => left)) - SIDE - lane;
  // An arrow to the next row turns where its row ends; others pass beside all rows.
  const far = Math.max(...extents.map(({ right }) => right)) + SIDE;
  const rowEnd = (extents[a] as Extent).right + SIDE;
  const turn = (b === a + 1 ? Math.min(rowEnd, far) : far) + lane;
  const level = aboveRow(wrapping, b) - between / 2 - lane + LANE;
  const around = (leaves: number, enters: number): Position[] => [
    { x: turn, y: leaves },
    { x: turn, y: level },
    { x: near, y: level },
    { x: near, y: enters },
  ];
  const hub = crossing.hubs[index];
  if (hub !== undefined) {
    const [out, into] = [a, b].map(
      (row) => (extents[row] as Extent).top - head - LANE * (crossing.busOf(hub, row) + 1),
    ) as [number, number];
    return [
      { x: start.x + start.width / 2 + TURN, y: out },
      ...around(out, into),
      { x: end.x - end.width / 2 - TURN, y: into },
    ];
  }
  const before = way
    .filter(({ x }) => x <= (rows.cuts[a] as number))
    .map((point) => move(point, a))
    .filter(({ x }) => x <= turn - lane);
  const behind = way
    .filter(({ x }) => x > (rows.cuts[b - 1] as number))
    .map((point) => move(point, b))
    .filter(({ x }) => x >= near);
  const leaves = before.at(-1)?.y ?? start.y;
  const enters = behind[0]?.y ?? end.y;
  const [first, second, third] = around(leaves, enters) as [Position, Position, Position];
  const row = members[b] as readonly Place[];
  const inward = entry({ x: near, y: enters }, behind[0] ?? end, row);
  return [...before, first, second, third, ...inward, ...behind];
}

/** Above a row and the lines that hubs have there. */
function aboveRow({ extents, crossing, head }: Wrapping, row: number): number {
  const { top } = extents[row] as Extent;
  const buses = crossing.buses[row] ?? 0;
  return buses === 0 ? top : top - head - LANE * buses;
}

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
