import type { Drawing } from "../graph/drawing.ts";
import type { Position } from "../graph/options.ts";
import { boxLines, boxSize, labelSize, type SetLine, type Size } from "./boxSize.ts";
import { dagreLayout } from "./dagreLayout.ts";
import { areDisjoint, overlap } from "./disjoint.ts";
import { type Frame, frameClusters } from "./frames.ts";
import { layeredLayout } from "./layeredLayout.ts";
import { pinBoxes } from "./pinBoxes.ts";
import { wrapRows } from "./wrapRows.ts";

/** A rectangle by its middle. */
export interface Place extends Position, Size {}

/** What is to be laid out, by positions: sizes and who is connected. */
export interface LayoutInput {
  readonly sizes: readonly Size[];
  readonly edges: readonly { readonly from: number; readonly to: number }[];
  /** Room for an edge's label. */
  readonly labels: readonly (Size | undefined)[];
  /** The cluster of each box, −1 for none, and the cluster around each cluster. */
  readonly clusters: readonly number[];
  readonly parents: readonly number[];
  readonly direction: Drawing["direction"];
}

/** Where things stand. */
export interface Placed {
  readonly boxes: readonly Place[];
  readonly labels: readonly (Place | undefined)[];
  /** Points between two boxes, through which an edge goes straight along the direction. */
  readonly ways: readonly (readonly Position[])[];
}

/** A drawing with a place for everything on a page. */
export interface Layout extends Placed {
  readonly lines: readonly (readonly SetLine[])[];
  readonly frames: readonly Frame[];
  /** The page: its left upper corner and its size. */
  readonly page: { readonly x: number; readonly y: number } & Size;
}

/** Free room around the picture. */
const MARGIN = 12;

/** Beyond so many boxes or edges dagre takes seconds, on long chains it overflows the stack. */
const DAGRE_BOXES = 150;
const DAGRE_EDGES = 450;

/**
 * Places for boxes, labels and edges: by dagre, by layers of our own where dagre is slow, fails or lets
 * labels overlap. The same drawing has the same layout. Pinned boxes keep their places.
 */
export function layoutDrawing(
  drawing: Drawing,
  positions: Readonly<Record<string, Position>> = {},
): Layout {
  const { boxes, edges, clusters, direction } = drawing;
  const lines = boxes.map(boxLines);
  const input: LayoutInput = {
    sizes: lines.map(boxSize),
    edges,
    labels: edges.map((edge) => labelSize(edge, direction)),
    clusters: boxes.map(({ cluster }) => cluster),
    parents: clusters.map(({ parent }) => parent),
    direction,
  };
  const framesOf = (placed: Placed): readonly Frame[] =>
    frameClusters(clusters, input.clusters, placed.boxes);
  const free = inRows(input, place(input, framesOf), framesOf);
  const pins = boxes.map(({ key }) => (Object.hasOwn(positions, key) ? positions[key] : undefined));
  const placed = pins.some((pin) => pin !== undefined) ? pinBoxes(input, free, pins) : free;
  const frames = frameClusters(drawing.clusters, input.clusters, placed.boxes);
  return { ...placed, lines, frames, page: pageOf(placed, frames) };
}

/** Of the layouts that let nothing overlap, the one whose scopes stay apart, then the smaller. */
function place(input: LayoutInput, framesOf: (placed: Placed) => readonly Frame[]): Placed {
  const dagre = input.sizes.length <= DAGRE_BOXES && input.edges.length <= DAGRE_EDGES;
  const first = dagre ? dagreLayout(input) : undefined;
  const usable = first !== undefined && areDisjoint(first);
  if (usable && input.parents.length === 0) return first;
  const second = layeredLayout(input);
  if (!usable) return second;
  const [a, b] = [first, second].map((placed) => {
    const frames = framesOf(placed);
    const { width, height } = pageOf(placed, frames);
    return { strangers: strangers(input, placed, frames), area: width * height };
  }) as [Score, Score];
  if (a.strangers !== b.strangers) return a.strangers < b.strangers ? first : second;
  return a.area <= b.area ? first : second;
}

/** A slide, in the pixels of the texts' own size; turned for pictures from top to bottom. */
const SLIDE = { along: 1600, aside: 900 };

/** Shrunk less than so far to fit a slide, a picture may stay as it is. */
const LEGIBLE = 0.6;

/** Rows must make letters so much larger. */
const WORTH = 1.25;

/** Numbers of rows that are tried. */
const ROWS = [2, 3, 4, 5, 6, 8, 10, 13];

/** A long picture in rows, where that leaves scopes as they are: in rows of their own, if need be. */
function inRows(
  input: LayoutInput,
  placed: Placed,
  framesOf: (placed: Placed) => readonly Frame[],
): Placed {
  const scale = (one: Placed): number => {
    const { width, height } = pageOf(one, framesOf(one));
    const [along, aside] = input.direction === "LR" ? [width, height] : [height, width];
    return Math.min(1, SLIDE.along / along, SLIDE.aside / aside);
  };
  const whole = scale(placed);
  if (whole >= LEGIBLE) return placed;
  const guests = guestsOf(input);
  const before = strangers(input, placed, framesOf(placed), guests);
  let best = placed;
  let largest = WORTH * whole;
  for (const kept of input.parents.length === 0 ? [[]] : [[], outermost(input)]) {
    for (const count of ROWS) {
      const rows = wrapRows(input, placed, kept, count);
      if (rows === undefined || scale(rows) <= largest || !areDisjoint(rows)) continue;
      if (strangers(input, rows, framesOf(rows), guests) > before) continue;
      best = rows;
      largest = scale(rows);
    }
  }
  return best;
}

/** The boxes of each outermost scope. */
function outermost({ clusters, parents }: LayoutInput): readonly (readonly number[])[] {
  const members: number[][] = parents.map(() => []);
  clusters.forEach((cluster, i) => {
    let at = cluster;
    while (at >= 0 && (parents[at] as number) >= 0) at = parents[at] as number;
    members[at]?.push(i);
  });
  return members.filter(({ length }) => length > 0);
}

interface Score {
  /** Boxes that stand in a frame of a scope they do not belong to, and frames that overlap. */
  readonly strangers: number;
  readonly area: number;
}

/** The scope that alone uses a box without one, such as the input of a step; −1 for all others. */
function guestsOf({ clusters, edges }: LayoutInput): readonly number[] {
  const users = clusters.map((cluster) => (cluster < 0 ? undefined : -1)) as (number | undefined)[];
  for (const { from, to } of edges) {
    const user = clusters[to] as number;
    // What enters a box without a scope is no input of a scope.
    if (clusters[to] === -1) users[to] = -1;
    if (clusters[from] !== -1) continue;
    users[from] = users[from] === undefined || users[from] === user ? user : -1;
  }
  return users.map((user) => user ?? -1);
}

function strangers(
  { clusters, parents }: LayoutInput,
  { boxes }: Placed,
  frames: readonly Frame[],
  guests: readonly number[] = [],
): number {
  const within = (cluster: number, frame: number): boolean => {
    let at = cluster;
    while (at >= 0 && at !== frame) at = parents[at] as number;
    return at === frame;
  };
  let count = 0;
  frames.forEach((frame, i) => {
    boxes.forEach((box, k) => {
      const home = within(clusters[k] as number, i) || within(guests[k] ?? -1, i);
      if (!home && overlap(box, frame)) count++;
    });
    frames.forEach((other, k) => {
      if (k < i && !within(i, k) && !within(k, i) && overlap(frame, other)) count++;
    });
  });
  return count;
}

function pageOf({ boxes, labels, ways }: Placed, frames: readonly Frame[]): Layout["page"] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (x: number, y: number, width: number, height: number): void => {
    left = Math.min(left, x - width / 2);
    right = Math.max(right, x + width / 2);
    top = Math.min(top, y - height / 2);
    bottom = Math.max(bottom, y + height / 2);
  };
  for (const { x, y, width, height } of boxes) take(x, y, width, height);
  for (const label of labels) if (label) take(label.x, label.y, label.width, label.height);
  for (const { x, y, width, height } of frames) take(x, y, width, height);
  for (const way of ways) for (const { x, y } of way) take(x, y, 0, 0);
  const [x, y] = [Math.floor(left) - MARGIN, Math.floor(top) - MARGIN];
  return { x, y, width: Math.ceil(right) + MARGIN - x, height: Math.ceil(bottom) + MARGIN - y };
}
