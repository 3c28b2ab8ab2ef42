import { argument, type Expr, Lambda, topological } from "@chainrule/core";

/**
 * The nodes of a drawing by position, arguments before users, with the bodies of loops and calls
 * behind them: each loop has nodes of its own, also where two loops share one body.
 */
export interface FlatGraph {
  readonly nodes: readonly Expr[];
  /** Arguments of node i: `sources[starts[i]]` to `sources[starts[i + 1] - 1]`. */
  readonly starts: readonly number[];
  readonly sources: readonly number[];
  /** The loop whose body a node belongs to; −1 in the graph itself. */
  readonly owners: readonly number[];
  /** From outside into a body, and from its results to the loop. */
  readonly passages: readonly { readonly from: number; readonly to: number }[];
  /** The roots' positions, the result last. */
  readonly outputs: readonly number[];
}

/** Bodies are laid open until there are so many nodes; loops in loops could go on for ever. */
const MOST_BODY_NODES = 20_000;

/** The graph above its leaves, and the bodies of its loops. Linear, without recursion. */
export function flattenGraph(outputs: readonly Expr[]): FlatGraph {
  const order = topological(outputs);
  const nodes = [...order.nodes];
  const starts: number[] = [0];
  const sources: number[] = [];
  const owners: number[] = new Array(nodes.length).fill(-1);
  const passages: { from: number; to: number }[] = [];
  for (const { args } of nodes) {
    for (const arg of args) sources.push(order.indexOf(arg));
    starts.push(sources.length);
  }
  const roots = outputs.map((output) => order.indexOf(output));
  const limit = nodes.length + MOST_BODY_NODES;
  for (let loop = 0; loop < nodes.length && nodes.length < limit; loop++) {
    const node = nodes[loop] as Expr;
    for (const body of bodiesOf(node)) appendBody(body, loop);
  }
  return { nodes, starts, sources, owners, passages, outputs: roots };

  function appendBody(body: Lambda, loop: number): void {
    const first = nodes.length;
    const inner = topological(body.outputs);
    // Operands of a loop begin with what decides about it, such as a condition; inputs end alike.
    const from = starts[loop + 1] as number;
    for (const node of inner.nodes) {
      if (node.op === argument.op) {
        const source = sources[from - body.inputs.length + (node.attributes["index"] as number)];
        const known = from - body.inputs.length >= (starts[loop] as number);
        if (source !== undefined && known) passages.push({ from: source, to: nodes.length });
      }
      for (const arg of node.args) sources.push(first + inner.indexOf(arg));
      nodes.push(node);
      owners.push(loop);
      starts.push(sources.length);
    }
    for (const output of body.outputs) {
      passages.push({ from: first + inner.indexOf(output), to: loop });
    }
  }
}

/** The closed sub-graphs of a node. */
function bodiesOf({ attributes, args }: Expr): readonly Lambda[] {
  if (args.length === 0) return NONE;
  const found: Lambda[] = [];
  for (const name in attributes) {
    const value = attributes[name];
    if (value instanceof Lambda) found.push(value);
    else if (Array.isArray(value)) {
      for (const one of value) if (one instanceof Lambda) found.push(one);
    }
  }
  return found.length === 0 ? NONE : found;
}

const NONE: readonly Lambda[] = [];
