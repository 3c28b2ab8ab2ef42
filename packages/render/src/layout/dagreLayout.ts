import { Graph, layout } from "@dagrejs/dagre";
import type { Position } from "../graph/options.ts";
import { FRAME_HEAD } from "./frames.ts";
import type { LayoutInput, Place, Placed } from "./layout.ts";

/** Free room between neighbours across the direction, and between ranks along it. */
const ACROSS = 20;
const ALONG = 38;
/** Without labels between them, arrows need the room. */
const ALONG_BARE = 48;

/** Layout by dagre; `undefined` where it fails, as on some compound graphs. */
export function dagreLayout(input: LayoutInput): Placed | undefined {
  const { sizes, edges, labels, clusters, parents, direction } = input;
  const graph = new Graph({ directed: true, multigraph: true, compound: parents.length > 0 });
  const labelled = labels.some((label) => label !== undefined);
  graph.setGraph({
    rankdir: direction,
    nodesep: parents.length > 0 ? ACROSS + FRAME_HEAD : ACROSS,
    edgesep: 12,
    ranksep: labelled ? ALONG : ALONG_BARE,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  parents.forEach((_, i) => void graph.setNode(`c${i}`, {}));
  sizes.forEach(({ width, height }, i) => void graph.setNode(`b${i}`, { width, height }));
  parents.forEach((parent, i) => {
    if (parent >= 0) graph.setParent(`c${i}`, `c${parent}`);
  });
  clusters.forEach((cluster, i) => {
    if (cluster >= 0) graph.setParent(`b${i}`, `c${cluster}`);
  });
  edges.forEach(({ from, to }, i) => {
    const { width = 0, height = 0 } = labels[i] ?? {};
    graph.setEdge(`b${from}`, `b${to}`, { width, height, labelpos: "c" }, `e${i}`);
  });
  try {
    layout(graph);
  } catch {
    return undefined;
  }
  const boxes = sizes.map((size, i): Place => {
    const { x, y } = graph.node(`b${i}`) as Position;
    return { ...size, x, y };
  });
  if (boxes.some(({ x, y }) => !Number.isFinite(x) || !Number.isFinite(y))) return undefined;
  const found = edges.map(({ from, to }, i) => {
    const edge: unknown = graph.edge(`b${from}`, `b${to}`, `e${i}`);
    return edge as Position & { readonly points: readonly Position[] };
  });
  const placed = labels.map((size, i) => {
    const { x, y } = found[i] as Position;
    return size && { ...size, x, y };
  });
  const beside = [...boxes, ...placed.flatMap((label) => label ?? [])];
  return {
    boxes,
    labels: placed,
    ways: found.map(({ points }, i) => {
      const { from, to } = edges[i] as (typeof edges)[number];
      const ends = [boxes[from] as Place, boxes[to] as Place] as const;
      return straighten(points.slice(1, -1), beside, ends, direction);
    }),
  };
}

/**
 * Every point becomes two, before and behind the boxes and labels of its rank, so that a curve between
 * ranks does not cut one beside it.
 */
function straighten(
  points: readonly Position[],
  neighbours: readonly Place[],
  [from, to]: readonly [Place, Place],
  direction: "LR" | "TB",
): Position[] {
  const along = direction === "LR" ? "x" : "y";
  const size = direction === "LR" ? "width" : "height";
  const sign = from[along] <= to[along] ? 1 : -1;
  const [low, high] = [
    Math.min(from[along] + (sign * from[size]) / 2, to[along] - (sign * to[size]) / 2),
    Math.max(from[along] + (sign * from[size]) / 2, to[along] - (sign * to[size]) / 2),
  ];
  const out: Position[] = [];
  for (const point of points) {
    let half = 0;
    for (const box of neighbours) {
      if (Math.abs(box[along] - point[along]) < 1) half = Math.max(half, box[size] / 2);
    }
    for (const step of [-sign * half, sign * half]) {
      const at = Math.min(high, Math.max(low, point[along] + step));
      out.push(direction === "LR" ? { x: at, y: point.y } : { x: point.x, y: at });
    }
  }
  return monotone(out, along, sign);
}

/** Points that would lead an edge back are left out. */
function monotone(points: readonly Position[], along: "x" | "y", sign: number): Position[] {
  const out: Position[] = [];
  for (const point of points) {
    const before = out.at(-1);
    if (before === undefined || sign * (point[along] - before[along]) >= 0) out.push(point);
  }
  return out;
}
