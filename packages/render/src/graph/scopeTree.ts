import { type Expr, parameter } from "@chainrule/core";
import { cleanText, shorten } from "../text/cleanText.ts";
import { cutRuns } from "./cutRuns.ts";
import type { FlatGraph } from "./flatGraph.ts";
import type { NodeNames } from "./nameNodes.ts";

/** One scope: a module, the body of a loop, or a run of nodes that nobody put into a module. */
export interface Scope {
  /** `encoder/block1`, by which it is unfolded. */
  readonly id: string;
  readonly label: string;
  readonly parent: number;
  readonly kind: "graph" | "module" | "loop" | "run";
  /** How many boxes it shows when it is open and all in it is folded. */
  boxes: number;
  /** Nodes in it, at any depth. */
  nodes: number;
  /** Elements of the parameters in it. */
  parameters: number;
}

/** Scopes, parents before children; scope 0 is the graph. */
export interface ScopeTree {
  readonly scopes: readonly Scope[];
  /** The innermost scope of each node. */
  readonly homes: readonly number[];
  /** The scope of the body of a loop, by the loop's position. */
  readonly bodies: ReadonlyMap<number, number>;
}

const LONGEST_LABEL = 40;

/**
 * The scopes of all nodes. Leaves without a scope belong where all their users are, so that a layer
 * holds its weights; only inputs by name stay outside.
 */
export function scopeTree(
  graph: FlatGraph,
  names: NodeNames,
  hidden: Uint8Array,
  given: ReadonlyMap<Expr, readonly string[]>,
  withRuns: boolean,
): ScopeTree {
  const scopes: Scope[] = [makeScope("", "", -1, "graph")];
  const homes: number[] = new Array(graph.nodes.length).fill(0);
  const bodies = new Map<number, number>();
  placeNodes(graph, names, given, { scopes, homes, bodies });
  placeLeaves(graph, given, scopes, homes);
  const whole: ScopeTree = { scopes, homes, bodies };
  const tree = withRuns ? cutRuns(hidden, names, whole) : whole;
  countBoxes(graph, hidden, tree);
  return tree;
}

/** A scope with nothing in it yet. */
export function makeScope(id: string, label: string, parent: number, kind: Scope["kind"]): Scope {
  return { id, label, parent, kind, boxes: 0, nodes: 0, parameters: 0 };
}

interface Growing {
  readonly scopes: Scope[];
  readonly homes: number[];
  readonly bodies: Map<number, number>;
}

function placeNodes(
  { nodes, owners }: FlatGraph,
  names: NodeNames,
  given: ReadonlyMap<Expr, readonly string[]>,
  { scopes, homes, bodies }: Growing,
): void {
  const known = new Map<string, number>();
  const paths = new Map<readonly string[], number>();
  const enter = (parent: number, label: string, kind: Scope["kind"]): number => {
    const above = (scopes[parent] as Scope).id;
    const id = above === "" ? label : `${above}/${label}`;
    const found = known.get(id);
    if (found !== undefined) return found;
    known.set(id, scopes.length);
    scopes.push(makeScope(id, shorten(cleanText(label), LONGEST_LABEL), parent, kind));
    return scopes.length - 1;
  };
  for (let i = 0; i < nodes.length; i++) {
    const owner = owners[i] as number;
    if (owner >= 0) {
      let body = bodies.get(owner);
      if (body === undefined) {
        const name = names.ids[owner] as string;
        body = enter(homes[owner] as number, `${name}: ${(nodes[owner] as Expr).op.name}`, "loop");
        bodies.set(owner, body);
      }
      homes[i] = body;
      continue;
    }
    const path = given.get(nodes[i] as Expr);
    if (path === undefined) continue;
    let home = paths.get(path);
    if (home === undefined) {
      home = 0;
      for (const label of path) home = enter(home, label, "module");
      paths.set(path, home);
    }
    homes[i] = home;
  }
}

/** Leaves move to the deepest scope that holds all their users. */
function placeLeaves(
  { nodes, starts, sources, owners }: FlatGraph,
  given: ReadonlyMap<Expr, readonly string[]>,
  scopes: readonly Scope[],
  homes: number[],
): void {
  if (scopes.length === 1) return;
  const depth: number[] = [];
  for (const { parent } of scopes) depth.push(parent < 0 ? 0 : (depth[parent] as number) + 1);
  const common = (a: number, b: number): number => {
    let [x, y] = [a, b];
    while (x !== y) {
      if ((depth[x] as number) >= (depth[y] as number)) x = (scopes[x] as Scope).parent;
      else y = (scopes[y] as Scope).parent;
    }
    return x;
  };
  const found: (number | undefined)[] = new Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      const leaf = sources[at] as number;
      if (!moves(nodes[leaf] as Expr) || owners[leaf] !== -1) continue;
      const before = found[leaf];
      const home = homes[i] as number;
      found[leaf] = before === undefined ? home : common(before, home);
    }
  }
  for (let i = 0; i < nodes.length; i++) {
    const home = found[i];
    if (home !== undefined && !given.has(nodes[i] as Expr)) homes[i] = home;
  }
}

function moves(node: Expr): boolean {
  return node.args.length === 0 && (node.op === parameter.op || node.op.name === "constant");
}

function countBoxes({ nodes }: FlatGraph, hidden: Uint8Array, { scopes, homes }: ScopeTree): void {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as Expr;
    const home = scopes[homes[i] as number] as Scope;
    if (hidden[i] === 1) continue;
    home.nodes++;
    home.boxes++;
    if (node.op === parameter.op) home.parameters += elements(node);
  }
  // Children stand behind their parents.
  for (let at = scopes.length - 1; at > 0; at--) {
    const scope = scopes[at] as Scope;
    if (scope.nodes === 0) continue;
    const parent = scopes[scope.parent] as Scope;
    parent.boxes++;
    parent.nodes += scope.nodes;
    parent.parameters += scope.parameters;
  }
}

/** Elements of a parameter; an axis of a named size counts once. */
function elements({ shape }: Expr): number {
  let count = 1;
  for (const dim of shape) if (typeof dim === "number") count *= dim;
  return count;
}
