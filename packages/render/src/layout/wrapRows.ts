import type { Position } from "../graph/options.ts";
import { chooseRows } from "./chooseRows.ts";
import { FRAME_HEAD } from "./frames.ts";
import type { LayoutInput, Place, Placed } from "./layout.ts";
import {
  type Crossings,
  crossings,
  type Extent,
  extentOf,
  rowWay,
  type Wrapping,
} from "./rowWays.ts";

/** Between two rows, for the arrows that lead from one to the next. */
const BETWEEN = 44;

/** More room where scopes have names above their boxes. */
const BETWEEN_SCOPES = 84;

/** A name of a scope above the boxes of a row, below the lines that hubs have there. */
const HEAD = FRAME_HEAD + 14;

/** Between the arrows from row to row, each with the one that leads back. */
export const LANE = 12;

/** More boxes than these are no picture for a slide, in rows or not. */
const MOST_BOXES = 500;

/** More arrows than these across a break would be a tangle. */
const MOST_LANES = 6;

/**
 * A long picture in about `count` rows, read like lines of text. What is in `whole`, such as the boxes
 * of a scope, has rows of its own where it does not fit in one. `undefined` where there is no place for breaks.
 */
export function wrapRows(
  input: LayoutInput,
  placed: Placed,
  whole: readonly (readonly number[])[],
  count: number,
): Placed | undefined {
  if (placed.boxes.length > MOST_BOXES) return undefined;
  if (input.direction === "TB") {
    const turned = wrapLines(input, transpose(placed), whole, count);
    return turned && transpose(turned);
  }
  return wrapLines(input, placed, whole, count);
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

function wrapLines(
  input: LayoutInput,
  placed: Placed,
  whole: readonly (readonly number[])[],
  count: number,
): Placed | undefined {
  const scoped = input.parents.length > 0;
  const between = scoped ? BETWEEN_SCOPES : BETWEEN;
  const rows = chooseRows(input, placed, whole, count);
  if (rows === undefined) return undefined;
  const { boxes, labels, ways } = placed;
  const { edges } = input;
  const crossing = crossings(edges, labels, rows);
  if (crossing === undefined || crossing.lanes.some((lanes) => lanes > MOST_LANES))
    return undefined;
  const extents = rows.members.map((row, i) => {
    const points = ways.flatMap((way, k) =>
      crossing.hubs[k] === undefined && crossing.rows[k]?.from === i && crossing.rows[k]?.to === i
        ? way.map(({ x, y }): Place => ({ x, y, width: 0, height: 0 }))
        : [],
    );
    return extentOf([...row, ...points]);
  });
  const shifts = shiftRows(extents, crossing, between, scoped ? HEAD : 0);
  const move = <P extends Position>(point: P, row: number): P => {
    const { x, y } = shifts[row] as Position;
    return { ...point, x: point.x + x, y: point.y + y };
  };
  const wrapping: Wrapping = {
    rows,
    crossing,
    extents: extents.map(({ left, right, top, bottom }, i) => {
      const { x, y } = shifts[i] as Position;
      return { left: left + x, right: right + x, top: top + y, bottom: bottom + y };
    }),
    members: rows.members.map((row, i) => row.map((place) => move(place, i))),
    boxes: boxes.map((box, i) => move(box, rows.rowOfBox[i] as number)),
    between,
    head: scoped ? HEAD : 0,
    move,
  };
  return {
    boxes: wrapping.boxes,
    labels: labels.map((label, i) => label && move(label, rows.rowOfLabel[i] as number)),
    ways: ways.map((way, i) => rowWay(wrapping, edges[i] as LayoutInput["edges"][number], way, i)),
  };
}

/** Rows below each other, as far apart as the arrows between them need. */
function shiftRows(
  extents: readonly Extent[],
  { lanes, buses }: Crossings,
  between: number,
  head: number,
): Position[] {
  const left = Math.min(...extents.map((row) => row.left));
  const shifts: Position[] = [];
  let next = (extents[0] as Extent).top;
  extents.forEach((row, i) => {
    if (i > 0) next += between + LANE * (lanes[i] ?? 0);
    if ((buses[i] ?? 0) > 0) next += head + LANE * (buses[i] as number);
    shifts.push({ x: left - row.left, y: next - row.top });
    next += row.bottom - row.top;
  });
  return shifts;
}
