import { type Expr, isInput, type Order } from "@chainrule/core";

/** A scalar graph as arrays: nodes by number, arguments before users. */
export interface Tape {
  readonly nodes: readonly Expr[];
  /** Numbers of the arguments of node i: `args[starts[i] … starts[i + 1])`. */
  readonly starts: Int32Array;
  readonly args: Int32Array;
  /** Whether a node is computed: it is neither an input nor a literal. */
  readonly computed: Uint8Array;
}

/** The tape of an order that lists all arguments. */
export function tapeOf(order: Order): Tape {
  const { nodes } = order;
  const starts = new Int32Array(nodes.length + 1);
  for (let i = 0; i < nodes.length; i++) {
    starts[i + 1] = (starts[i] as number) + (nodes[i] as Expr).args.length;
  }
  const args = new Int32Array(starts[nodes.length] as number);
  const computed = new Uint8Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as Expr;
    const start = starts[i] as number;
    for (let k = 0; k < node.args.length; k++) {
      args[start + k] = order.indexOf(node.args[k] as Expr);
    }
    computed[i] = isInput(node) || isLiteral(node) ? 0 : 1;
  }
  return { nodes, starts, args, computed };
}

/** Whether a node is a number. */
export function isLiteral({ args, attributes }: Expr): boolean {
  return args.length === 0 && typeof attributes["value"] === "number";
}
