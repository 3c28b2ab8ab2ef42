import { ArgumentError, type Expr } from "@chainrule/core";
import type { FlatGraph } from "./flatGraph.ts";
import type { DrawingOptions } from "./options.ts";

/** What is drawn strongly, by positions; all else is pale. */
export interface Highlight {
  readonly nodes: Uint8Array;
  /** Whether the step from an argument to its user is part of it. */
  readonly step: (from: number, to: number) => boolean;
}

/** The nodes and steps of one path, or of all paths from x to y. */
export function highlightOf(
  graph: FlatGraph,
  wanted: NonNullable<DrawingOptions["highlight"]>,
): Highlight {
  const places = new Map<Expr, number>();
  for (let i = 0; i < graph.nodes.length; i++) {
    if (graph.owners[i] === -1) places.set(graph.nodes[i] as Expr, i);
  }
  const place = (what: string, node: Expr): number => {
    const at = places.get(node);
    if (at !== undefined) return at;
    throw new ArgumentError(
      `highlight: ${what} must be a node of the drawing, got ${node.toString()}`,
    );
  };
  const marked = new Uint8Array(graph.nodes.length);
  if ("edges" in wanted) {
    for (const node of wanted.nodes) marked[place("each node of the path", node)] = 1;
    const steps = new Set(
      wanted.edges.map(({ from, user }) => `${place("a step", from)} ${place("a step", user)}`),
    );
    return { nodes: marked, step: (from, to) => steps.has(`${from} ${to}`) };
  }
  const y = wanted.y === undefined ? (graph.outputs.at(-1) as number) : place("y", wanted.y);
  const between = nodesBetween(graph, place("x", wanted.x), y);
  return { nodes: between, step: (from, to) => between[from] === 1 && between[to] === 1 };
}

/** Nodes that depend on x and that y depends on: two sweeps over the graph. */
function nodesBetween({ nodes, starts, sources }: FlatGraph, x: number, y: number): Uint8Array {
  const above = new Uint8Array(nodes.length);
  above[x] = 1;
  for (let i = x + 1; i <= y; i++) {
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      if (above[sources[at] as number] === 1) above[i] = 1;
    }
  }
  const both = new Uint8Array(nodes.length);
  both[y] = above[y] as number;
  for (let i = y; i > x; i--) {
    if (both[i] !== 1) continue;
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      const source = sources[at] as number;
      if (above[source] === 1) both[source] = 1;
    }
  }
  return both;
}
