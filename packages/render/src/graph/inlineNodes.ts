import { constant, type Expr, namedConstant } from "@chainrule/core";
import type { FlatGraph } from "./flatGraph.ts";

/** Nodes without a box of their own. */
export interface Inline {
  /** Whether a node is written into the formulas of others. */
  readonly hidden: Uint8Array;
  /** The node in whose box a merged node is; −1 for all others, also for numbers. */
  readonly hosts: Int32Array;
  /** The only user of a merged node. */
  readonly users: Int32Array;
}

/** What decides about merging. */
export interface InlineOptions {
  readonly isNamed: (at: number) => boolean;
  /** Whether nodes without a name that are used once are merged into their users. */
  readonly merges: boolean;
  readonly sameScope: (a: Expr, b: Expr) => boolean;
}

/** As many numbers as one formula bears: beyond, a quotient of quotients has a box. */
const MOST_NUMBERS = 4;

/** As many nodes as one formula bears. */
const MOST_MERGED = 12;

/**
 * What is written into formulas: numbers (`2`, `1/2`, `−π`), and where nodes are merged those without
 * a name that one other node uses, once.
 */
export function inlineNodes(graph: FlatGraph, options: InlineOptions): Inline {
  const { nodes, starts, sources, outputs } = graph;
  const hidden = new Uint8Array(nodes.length);
  const sizes = new Int32Array(nodes.length);
  const uses = new Int32Array(nodes.length);
  const users = new Int32Array(nodes.length).fill(-1);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as Expr;
    let count = isLiteral(node) ? 1 : 0;
    let numeric = true;
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      const source = sources[at] as number;
      uses[source] = (uses[source] as number) + 1;
      users[source] = i;
      numeric &&= hidden[source] === 1;
      count += sizes[source] as number;
    }
    const { form } = node.op.notation;
    const written = isLiteral(node) || form === "fraction" || form === "prefix";
    if (written && numeric && count > 0 && count <= MOST_NUMBERS && !options.isNamed(i)) {
      hidden[i] = 1;
    }
    sizes[i] = hidden[i] === 1 ? count : 0;
  }
  for (const output of outputs) hidden[output] = 0;
  const hosts = new Int32Array(nodes.length).fill(-1);
  if (options.merges) merge(graph, options, { hidden, uses, users, hosts });
  return { hidden, hosts, users };
}

function isLiteral({ op, attributes }: Expr): boolean {
  return op === namedConstant.op || (op === constant.op && typeof attributes["value"] === "number");
}

interface Growing {
  readonly hidden: Uint8Array;
  readonly uses: Int32Array;
  readonly users: Int32Array;
  readonly hosts: Int32Array;
}

function merge(
  { nodes, starts, sources, owners, outputs }: FlatGraph,
  { isNamed, sameScope }: InlineOptions,
  { hidden, uses, users, hosts }: Growing,
): void {
  const sizes = new Int32Array(nodes.length);
  const kept = new Set(outputs);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as Expr;
    if (hidden[i] === 1 || node.args.length === 0) continue;
    let size = 1;
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      size += sizes[sources[at] as number] as number;
    }
    const user = users[i] as number;
    if (uses[i] !== 1 || size > MOST_MERGED || isNamed(i) || kept.has(i)) continue;
    if (owners[i] !== owners[user] || !sameScope(node, nodes[user] as Expr)) continue;
    sizes[i] = size;
    hidden[i] = 1;
    hosts[i] = user;
  }
  // Users stand behind what they use, so their own hosts are known when they are asked for.
  for (let i = nodes.length - 1; i >= 0; i--) {
    const user = hosts[i] as number;
    if (user >= 0 && hosts[user] !== -1) hosts[i] = hosts[user] as number;
  }
}
