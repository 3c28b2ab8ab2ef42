import type { Expr } from "./expr.ts";
import { apply } from "./intern.ts";

/**
 * Nodes in topological order: arguments before users, outputs in the order given.
 *
 * The order depends on the graph alone, not on the history of its making.
 */
export class Order {
  readonly nodes: readonly Expr[];
  #slow: Map<Expr, number> | undefined;

  constructor(nodes: readonly Expr[]) {
    this.nodes = nodes;
  }

  /**
   * The position of a node in `nodes`, or −1. Every traversal leaves positions in the nodes; a later
   * one may overwrite them, which is noticed and answered from a map.
   */
  indexOf(node: Expr): number {
    if (this.nodes[node.position] === node) return node.position;
    if (this.#slow === undefined) {
      this.#slow = new Map();
      for (let i = 0; i < this.nodes.length; i++) this.#slow.set(this.nodes[i] as Expr, i);
    }
    return this.#slow.get(node) ?? -1;
  }

  has(node: Expr): boolean {
    return this.indexOf(node) >= 0;
  }
}

/** All nodes that the outputs depend on, arguments first. Sub-graphs of loops stay closed. */
export function topological(outputs: readonly Expr[]): Order {
  const nodes: Expr[] = [];
  const path: Expr[] = [];
  const next: number[] = [];
  for (const output of outputs) {
    if (nodes[output.position] === output) continue;
    path.push(output);
    next.push(0);
    while (path.length > 0) {
      const top = path.length - 1;
      const node = path[top] as Expr;
      const child = next[top] as number;
      if (child < node.args.length) {
        next[top] = child + 1;
        const arg = node.args[child] as Expr;
        if (nodes[arg.position] !== arg) {
          path.push(arg);
          next.push(0);
        }
      } else {
        path.pop();
        next.pop();
        node.position = nodes.length;
        nodes.push(node);
      }
    }
  }
  return new Order(nodes);
}

/** The same node on other arguments; itself when they are the same. */
export function withArgs(node: Expr, args: readonly Expr[]): Expr {
  for (let i = 0; i < args.length; i++) {
    if (args[i] !== node.args[i]) return apply(node.op, args, node.attributes);
  }
  return node;
}

/**
 * Rebuilds the outputs from the leaves up. `visit` receives each node, its arguments already
 * rewritten, and gives what stands in its place.
 */
export function rewrite(
  outputs: readonly Expr[],
  visit: (node: Expr, args: readonly Expr[]) => Expr,
): Expr[] {
  const order = topological(outputs);
  const { nodes } = order;
  const made: Expr[] = new Array(nodes.length);
  const sources = nodes.map((node) => node.args.map((arg) => order.indexOf(arg)));
  const targets = outputs.map((output) => order.indexOf(output));
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as Expr;
    const args = (sources[i] as number[]).map((index) => made[index] as Expr);
    made[i] = visit(node, args);
  }
  return targets.map((index) => made[index] as Expr);
}

/** Replaces nodes, leaves or not, by others. */
export function substitute(outputs: readonly Expr[], by: ReadonlyMap<Expr, Expr>): Expr[] {
  return rewrite(outputs, (node, args) => by.get(node) ?? withArgs(node, args));
}

/** The leaves (nodes without arguments) that the outputs depend on, in order of first use. */
export function leavesOf(outputs: readonly Expr[]): Expr[] {
  return topological(outputs).nodes.filter((node) => node.args.length === 0);
}
