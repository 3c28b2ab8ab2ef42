import { type Expr, Program } from "@chainrule/core";
import { cleanText, shorten } from "../text/cleanText.ts";
import { makeBoxes } from "./boxes.ts";
import type { Cluster, Drawing } from "./drawing.ts";
import { makeEdges } from "./edges.ts";
import { type FlatGraph, flattenGraph, isInline } from "./flatGraph.ts";
import { highlightOf } from "./highlight.ts";
import { nameNodes } from "./nameNodes.ts";
import { numbersOf } from "./numbers.ts";
import { LARGE, openScopes } from "./openScopes.ts";
import type { DrawingOptions } from "./options.ts";
import { type Scope, scopeTree } from "./scopeTree.ts";

/** What the parts of a drawing are made from. */
export interface Shown {
  readonly graph: FlatGraph;
  readonly scopes: readonly Scope[];
  /** The folded scope that stands for all nodes of a scope, −1 where it is open. */
  readonly foldedInto: readonly number[];
  readonly homes: readonly number[];
  /** Position of an open scope among the clusters. */
  readonly clusterOf: readonly number[];
}

/**
 * The drawable model of a graph: boxes, edges and clusters with all their texts. Linear in the graph.
 *
 * `foldBy` is how a large graph is folded when the options do not say.
 */
export function draw(
  target: Expr | Program,
  options: DrawingOptions,
  foldBy: true | "scopes" = true,
): Drawing {
  const program = target instanceof Program ? target : undefined;
  const output = program?.result ?? (target as Expr);
  const roots = program === undefined ? [output] : [...Object.values(program.definitions), output];
  const graph = flattenGraph(roots);
  const given = new Map([...(program?.names ?? []), ...(options.names ?? [])]);
  const names = nameNodes(graph, given);
  const fold = options.fold ?? (countShown(graph) > LARGE ? foldBy : false);
  const tree = scopeTree(graph, names, program?.scopes ?? new Map(), fold === true);
  const open = openScopes(tree, fold !== false, options.unfold ?? []);
  const shown = showScopes(graph, tree.scopes, tree.homes, open);
  const numbers = numbersOf(target, output, options, () => visibleNodes(shown));
  const derivatives = numbers.trace !== undefined && (options.derivatives ?? numbers.valued);
  const highlight = options.highlight && highlightOf(graph, options.highlight);
  const { digits } = options;
  const { boxes, boxOf } = makeBoxes({ shown, names, numbers, derivatives, highlight, digits });
  const nameOf = lookup(graph, names.shown, numbers.trace !== undefined);
  const edges = makeEdges({ shown, boxOf, numbers, derivatives, highlight, digits, nameOf });
  const name = names.shown[graph.outputs.at(-1) as number] as string;
  const title = options.title ?? `Computational graph of ${name}`;
  return {
    title: shorten(cleanText(title), LONGEST_TITLE),
    description: describeDrawing(boxes.length, edges.length, derivatives),
    boxes,
    edges,
    clusters: clustersOf(tree.scopes, shown),
    direction: options.direction ?? "LR",
    valued: numbers.valued,
    derivatives,
    highlights: highlight !== undefined,
    nameOf,
    digits,
  };
}

const LONGEST_TITLE = 200;

function countShown({ nodes }: FlatGraph): number {
  let count = 0;
  for (const node of nodes) if (!isInline(node)) count++;
  return count;
}

function showScopes(
  graph: FlatGraph,
  scopes: readonly Scope[],
  homes: readonly number[],
  open: readonly boolean[],
): Shown {
  const foldedInto: number[] = [];
  const clusterOf: number[] = [];
  let clusters = 0;
  scopes.forEach(({ parent, nodes }, at) => {
    const above = parent < 0 ? -1 : (foldedInto[parent] as number);
    foldedInto.push(above >= 0 ? above : open[at] === true ? -1 : at);
    const visible = at > 0 && foldedInto[at] === -1 && nodes > 0;
    clusterOf.push(visible ? clusters++ : -1);
  });
  return { graph, scopes, foldedInto, homes, clusterOf };
}

function clustersOf(scopes: readonly Scope[], { clusterOf }: Shown): Cluster[] {
  const out: Cluster[] = [];
  scopes.forEach(({ id, label, parent }, at) => {
    if (clusterOf[at] !== -1) out.push({ id, label, parent: clusterOf[parent] ?? -1 });
  });
  return out;
}

/** Nodes with a box of their own, outside of bodies, whose values are known by their node. */
function visibleNodes({ graph, foldedInto, homes }: Shown): Expr[] {
  return graph.nodes.filter(
    (node, i) => foldedInto[homes[i] as number] === -1 && graph.owners[i] === -1 && !isInline(node),
  );
}

function lookup(
  { nodes, owners }: FlatGraph,
  shown: readonly string[],
  needed: boolean,
): (node: Expr) => string | undefined {
  const table = new Map<Expr, string>();
  // Formulas of local derivatives speak of nodes; without them nobody asks.
  for (let i = 0; needed && i < nodes.length; i++) {
    const node = nodes[i] as Expr;
    if (owners[i] === -1 && !isInline(node)) table.set(node, shown[i] as string);
  }
  return (node) => table.get(node);
}

function describeDrawing(boxes: number, edges: number, derivatives: boolean): string {
  const size = `${boxes} ${boxes === 1 ? "box" : "boxes"} and ${edges} ${edges === 1 ? "arrow" : "arrows"}`;
  const back = derivatives
    ? " Numbers on arrows are local derivatives; dashed arrows lead back and carry adjoints."
    : "";
  return `A computational graph of ${size}, from inputs to the output.${back}`;
}
