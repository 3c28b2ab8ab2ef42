import { type Expr, Program } from "@chainrule/core";
import { cleanText, shorten } from "../text/cleanText.ts";
import { makeBoxes } from "./boxes.ts";
import type { Cluster, Drawing } from "./drawing.ts";
import { makeEdges } from "./edges.ts";
import { type FlatGraph, flattenGraph } from "./flatGraph.ts";
import { highlightOf } from "./highlight.ts";
import { type Inline, inlineNodes } from "./inlineNodes.ts";
import { MATHEMATICAL, numberText, type Signs, type Writing } from "./mathText.ts";
import { givenNames, nameNodes } from "./nameNodes.ts";
import { numbersOf } from "./numbers.ts";
import { LARGE, openScopes } from "./openScopes.ts";
import type { DrawingOptions } from "./options.ts";
import { type Scope, type ScopeTree, scopeTree } from "./scopeTree.ts";

/** What the parts of a drawing are made from. */
export interface Shown {
  readonly graph: FlatGraph;
  readonly inline: Inline;
  /** The scope of the body of a loop, by the loop's position. */
  readonly bodies: ReadonlyMap<number, number>;
  readonly scopes: readonly Scope[];
  /** The folded scope that stands for all nodes of a scope, −1 where it is open. */
  readonly foldedInto: readonly number[];
  readonly homes: readonly number[];
  /** Position of an open scope among the clusters. */
  readonly clusterOf: readonly number[];
}

/** What a format asks for. */
export interface DrawingFormat {
  /** How a large graph is folded where the options do not say. */
  readonly folds: true | "scopes";
  readonly signs: Signs;
  /** Whether scopes are opened by themselves until a slide is full. */
  readonly fills: boolean;
  /** Whether boxes are told apart across edits. */
  readonly keyed: boolean;
  /** Whether the format writes formulas of nodes itself, and needs their names. */
  readonly formulas: boolean;
}

/** Formats with a layout. */
export const PICTURE: DrawingFormat = {
  folds: true,
  signs: MATHEMATICAL,
  fills: true,
  keyed: true,
  formulas: false,
};

/** The drawable model of a graph: boxes, edges and clusters with all their texts. Linear in the graph. */
export function draw(
  target: Expr | Program,
  options: DrawingOptions,
  { folds, signs, fills, keyed, formulas }: DrawingFormat = PICTURE,
): Drawing {
  const program = target instanceof Program ? target : undefined;
  const output = program?.result ?? (target as Expr);
  const roots = program === undefined ? [output] : [...Object.values(program.definitions), output];
  const graph = flattenGraph(roots);
  const given = new Map([...(program?.names ?? []), ...(options.names ?? [])]);
  const paths = program?.scopes ?? new Map<Expr, readonly string[]>();
  const bearing = givenNames(graph, given);
  const inline = inlineNodes(graph, {
    isNamed: (at) => bearing[at] !== undefined,
    merges: options.detail === "definitions",
    sameScope: (a, b) => samePath(paths.get(a), paths.get(b)),
  });
  const names = nameNodes(graph, bearing, inline.hidden);
  const fold = options.fold ?? (countShown(inline) > LARGE ? folds : false);
  const tree = scopeTree(graph, names, inline.hidden, paths, fold === true);
  const open = openScopes(tree, fold !== false, options.unfold ?? [], fills);
  const shown = showScopes(graph, inline, tree, open);
  const numbers = numbersOf(target, output, options, () => visibleNodes(shown));
  const derivatives = numbers.trace !== undefined && (options.derivatives ?? numbers.valued);
  const highlight = options.highlight && highlightOf(graph, options.highlight);
  const writing: Writing = { signs, digits: options.digits };
  const { boxes, boxOf } = makeBoxes({
    shown,
    names,
    numbers,
    derivatives,
    highlight,
    writing,
    keyed,
  });
  const nameOf = lookup(shown, names.shown, formulas || numbers.trace !== undefined);
  const edges = makeEdges({ shown, boxOf, numbers, derivatives, highlight, writing, nameOf });
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
    digits: options.digits,
    numberText: (value) => numberText(value, writing),
  };
}

const LONGEST_TITLE = 200;

function countShown({ hidden }: Inline): number {
  let count = 0;
  for (const one of hidden) if (one === 0) count++;
  return count;
}

function samePath(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.join("/") === b.join("/"));
}

function showScopes(
  graph: FlatGraph,
  inline: Inline,
  { scopes, homes, bodies }: ScopeTree,
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
  return { graph, inline, scopes, foldedInto, homes, bodies, clusterOf };
}

function clustersOf(scopes: readonly Scope[], { clusterOf }: Shown): Cluster[] {
  const out: Cluster[] = [];
  scopes.forEach(({ id, label, parent }, at) => {
    if (clusterOf[at] !== -1) out.push({ id, label, parent: clusterOf[parent] ?? -1 });
  });
  return out;
}

/** Nodes with a box of their own, outside of bodies, whose values are known by their node. */
function visibleNodes({ graph, inline, foldedInto, homes }: Shown): Expr[] {
  const { owners, nodes } = graph;
  const isShown = (i: number): boolean => foldedInto[homes[i] as number] === -1;
  return nodes.filter((_, i) => isShown(i) && owners[i] === -1 && inline.hidden[i] === 0);
}

function lookup(
  { graph: { nodes, owners }, inline: { hidden } }: Shown,
  shown: readonly string[],
  needed: boolean,
): (node: Expr) => string | undefined {
  const table = new Map<Expr, string>();
  // Formulas of local derivatives speak of nodes; without them nobody asks.
  for (let i = 0; needed && i < nodes.length; i++) {
    const node = nodes[i] as Expr;
    if (owners[i] === -1 && hidden[i] === 0) table.set(node, shown[i] as string);
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
