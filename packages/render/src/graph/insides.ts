import type { Expr, Program } from "@chainrule/core";
import { draw, PICTURE } from "./draw.ts";
import type { Box, Drawing, Edge } from "./drawing.ts";
import { scopeKey } from "./keys.ts";
import type { DrawingOptions } from "./options.ts";

/** What is in a folded scope, as a drawing of its own: around it, pale, what it is connected with. */
export interface Inside {
  readonly id: string;
  readonly drawing: Drawing;
}

/** The insides of folded boxes, and how many folded boxes have none because there is no room. */
export interface Insides {
  readonly byScope: ReadonlyMap<string, Inside>;
  readonly left: number;
}

/** A scope of one node, and who uses it. */
const SMALLEST = 2;

/**
 * The insides of all boxes folded in a drawing, and of those folded in them, level by level in forward
 * order until they have `room` boxes. One drawing a level: linear in the graph for each.
 */
export function insidesOf(
  target: Expr | Program,
  options: DrawingOptions,
  drawing: Drawing,
  room: number,
): Insides {
  const byScope = new Map<string, Inside>();
  const open = drawing.clusters.map(({ id }) => id);
  let left = 0;
  let free = room;
  let folded = scopesIn(drawing.boxes);
  while (folded.length > 0 && free >= SMALLEST) {
    const level = draw(target, { ...options, unfold: [...open, ...folded] }, CLOSED);
    const views = viewsOf(level, folded);
    folded = folded.flatMap((id) => {
      const view = views.get(id) as Drawing;
      if (view.boxes.length > free) {
        left++;
        return [];
      }
      free -= view.boxes.length;
      byScope.set(id, { id, drawing: view });
      open.push(id);
      return scopesIn(view.boxes);
    });
  }
  return { byScope, left: left + folded.length };
}

/** Only what is asked for is open; nothing keeps its place. */
export const CLOSED: typeof PICTURE = { ...PICTURE, fills: false, keyed: false };

function scopesIn(boxes: readonly Box[]): string[] {
  return boxes.flatMap(({ key, id }) => (key === scopeKey(id) ? [id] : []));
}

/** A view that grows edge by edge. */
interface View {
  /** Those of the scope come first. */
  readonly boxes: Box[];
  own: number;
  readonly edges: Map<string, Edge>;
  /** Places in the view, by place in the drawing; clusters outside by −2 and less. */
  readonly places: Map<number, number>;
}

/** The boxes of each open scope, with one pale box for each neighbour. */
function viewsOf(drawing: Drawing, scopes: readonly string[]): Map<string, Drawing> {
  const { boxes, edges, clusters } = drawing;
  const views = new Map<number, View>();
  const wanted = new Set(scopes);
  clusters.forEach(({ id }, at) => {
    if (wanted.has(id)) views.set(at, { boxes: [], own: 0, edges: new Map(), places: new Map() });
  });
  boxes.forEach((box, i) => {
    const view = views.get(box.cluster);
    if (view === undefined) return;
    view.places.set(i, view.own++);
    view.boxes.push({ ...box, cluster: -1 });
  });
  for (const edge of edges) {
    const [from, to] = [boxes[edge.from] as Box, boxes[edge.to] as Box];
    for (const home of new Set([from.cluster, to.cluster])) {
      const view = views.get(home);
      if (view === undefined) continue;
      const ends = [edge.from, edge.to].map((at) => placeIn(view, drawing, home, at));
      join(view, edge, ends[0] as number, ends[1] as number);
    }
  }
  const out = new Map<string, Drawing>();
  for (const [at, view] of views) {
    const { id, label } = clusters[at] as Drawing["clusters"][number];
    const title = `Inside of ${label}`;
    const description = `${title}; pale boxes are outside.`;
    const own = { boxes: view.boxes, edges: [...view.edges.values()], clusters: [] };
    out.set(id, { ...drawing, ...own, title, description, highlights: false });
  }
  return out;
}

/** One arrow a pair of boxes; what several say apart is said in the scope that holds both. */
function join({ own, edges }: View, edge: Edge, from: number, to: number): void {
  if (from === to) return;
  const key = `${from} ${to}`;
  const known = edges.get(key);
  const highlighted = edge.highlighted && from < own && to < own;
  if (known === undefined) edges.set(key, { ...edge, from, to, highlighted });
  else {
    const count = known.count + edge.count;
    edges.set(key, { ...known, count, local: undefined, back: undefined });
  }
}

/** A box of the view, or the pale one that stands for a box elsewhere or for the scope around it. */
function placeIn(view: View, { boxes, clusters }: Drawing, home: number, at: number): number {
  const own = view.places.get(at);
  if (own !== undefined) return own;
  const box = boxes[at] as Box;
  const around = new Set<number>([-1]);
  for (let up = home; up >= 0; up = parentOf(clusters, up)) around.add(up);
  let scope = box.cluster;
  let outermost = -1;
  while (!around.has(scope)) {
    outermost = scope;
    scope = parentOf(clusters, scope);
  }
  const key = outermost >= 0 ? -2 - outermost : at;
  const known = view.places.get(key);
  if (known !== undefined) return known;
  view.places.set(key, view.boxes.length);
  const name = outermost >= 0 ? (clusters[outermost] as { label: string }).label : box.name;
  const kind = outermost >= 0 ? "scope" : box.kind;
  const id = outermost >= 0 ? (clusters[outermost] as { id: string }).id : box.id;
  view.boxes.push({ ...box, ...OUTSIDE, id, name, kind });
  return view.boxes.length - 1;
}

const OUTSIDE = {
  key: "outside",
  formula: undefined,
  lines: [],
  output: false,
  highlighted: false,
  cluster: -1,
};

function parentOf(clusters: Drawing["clusters"], at: number): number {
  return (clusters[at] as Drawing["clusters"][number]).parent;
}
