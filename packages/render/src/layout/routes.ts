import type { Drawing } from "../graph/drawing.ts";
import type { Position } from "../graph/options.ts";
import { TRACKS } from "./boxSize.ts";
import type { Layout, Place } from "./layout.ts";

/** The points of an edge from border to border. */
export type Route = readonly Position[];

/** Part of a border that takes arrows. */
const PORTS = 0.7;

/** Edges from border to border; those of one side of a box are spread in the order they come. */
export function routeEdges({ edges, direction }: Drawing, { boxes, ways }: Layout): Route[] {
  const horizontal = direction === "LR";
  const across = (point: Position): number => (horizontal ? point.y : point.x);
  const along = (point: Position): number => (horizontal ? point.x : point.y);
  const depth = ({ width, height }: Place): number => (horizontal ? width : height);
  const breadth = ({ width, height }: Place): number => (horizontal ? height : width);
  const leaving: number[][] = boxes.map(() => []);
  const arriving: number[][] = boxes.map(() => []);
  edges.forEach(({ from, to }, i) => {
    leaving[from]?.push(i);
    arriving[to]?.push(i);
  });
  const starts = new Float64Array(edges.length);
  const ends = new Float64Array(edges.length);
  boxes.forEach((box, i) => {
    share(leaving[i] as number[], starts, box, (e) => ways[e]?.[0] ?? target(e));
    share(arriving[i] as number[], ends, box, (e) => ways[e]?.at(-1) ?? source(e));
  });
  return edges.map(({ from, to }, i) => {
    const [a, b] = [boxes[from] as Place, boxes[to] as Place];
    return [
      point(along(a) + depth(a) / 2, starts[i] as number),
      ...(ways[i] as readonly Position[]),
      point(along(b) - depth(b) / 2, ends[i] as number),
    ];
  });

  function target(edge: number): Position {
    return boxes[(edges[edge] as Drawing["edges"][number]).to] as Place;
  }

  function source(edge: number): Position {
    return boxes[(edges[edge] as Drawing["edges"][number]).from] as Place;
  }

  function point(x: number, y: number): Position {
    return horizontal ? { x, y } : { x: y, y: x };
  }

  function share(
    list: number[],
    ports: Float64Array,
    box: Place,
    toward: (edge: number) => Position,
  ): void {
    list.sort((a, b) => across(toward(a)) - across(toward(b)) || a - b);
    const room = PORTS * breadth(box);
    const gap = Math.min(room / list.length, 4 * TRACKS);
    list.forEach((edge, i) => {
      ports[edge] = across(box) + gap * (i - (list.length - 1) / 2);
    });
  }
}

/** The route moved sideways, so that two arrows go beside each other. */
export function beside(route: Route, direction: Drawing["direction"], by: number): Route {
  return route.map(({ x, y }) => (direction === "LR" ? { x, y: y + by } : { x: x + by, y }));
}

/** A piece of a route: straight to a point, or in a curve that leaves and arrives along the direction. */
export interface Bend {
  readonly to: Position;
  readonly controls: readonly [Position, Position] | undefined;
}

/**
 * A route as bends. A route that runs beside another `by` to its side turns earlier or later than that
 * one, so that they do not meet where they are steep.
 */
export function bends(route: Route, direction: Drawing["direction"], by = 0): Bend[] {
  const out: Bend[] = [];
  const horizontal = direction === "LR";
  for (let i = 1; i < route.length; i++) {
    const a = route[i - 1] as Position;
    const to = route[i] as Position;
    const [along, aside] = horizontal ? [to.x - a.x, to.y - a.y] : [to.y - a.y, to.x - a.x];
    if (Math.abs(aside) < 0.5) {
      out.push({ to, controls: undefined });
      continue;
    }
    const shift = -by * Math.sign(aside) * Math.sign(along);
    const turn = along / 2 + Math.min(Math.abs(along) / 2, Math.max(-Math.abs(along) / 2, shift));
    const controls: [Position, Position] = horizontal
      ? [
          { x: a.x + turn, y: a.y },
          { x: a.x + turn, y: to.y },
        ]
      : [
          { x: a.x, y: a.y + turn },
          { x: to.x, y: a.y + turn },
        ];
    out.push({ to, controls });
  }
  return out;
}
