import { type Expr, isInput, isScalar, type Order } from "@chainrule/core";
import { isElementwise } from "../elementwise/index.ts";
import { Kinds } from "./kinds.ts";

/** A scalar graph as arrays, so that passes over it touch no objects: nodes by number, arguments before users. */
export interface Tape {
  readonly nodes: readonly Expr[];
  /** Numbers of the arguments of node i: `args[starts[i] … starts[i + 1])`. */
  readonly starts: Int32Array;
  readonly args: Int32Array;
  /** What a computed node does, as a number; −1 for inputs and literals. */
  readonly kinds: Int32Array;
  /** A node of each kind, and how many there are. */
  readonly examples: readonly Expr[];
  readonly counts: readonly number[];
}

/** The tape of an order that lists all arguments; undefined unless all are scalars: inputs, literals, elementwise. */
export function tapeOf(order: Order): Tape | undefined {
  const { nodes } = order;
  const starts = new Int32Array(nodes.length + 1);
  const args = new Growing(2 * nodes.length);
  const numbering = new Kinds();
  const kinds = new Int32Array(nodes.length);
  const counts: number[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as Expr;
    if (!isScalar(node)) return undefined;
    for (let k = 0; k < node.args.length; k++) args.push(order.indexOf(node.args[k] as Expr));
    starts[i + 1] = args.length;
    if (node.args.length === 0 && (isInput(node) || isLiteral(node))) {
      kinds[i] = -1;
      continue;
    }
    const kind = numbering.of(node);
    kinds[i] = kind;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const { examples } = numbering;
  if (!examples.every(isElementwise)) return undefined;
  return { nodes, starts, args: args.view(), kinds, examples, counts };
}

/** Whether a node is a number. */
export function isLiteral({ args, attributes }: Expr): boolean {
  return args.length === 0 && typeof attributes["value"] === "number";
}

/** Integers, of which it is not known how many there will be. */
class Growing {
  length = 0;
  #items: Int32Array;

  constructor(expected: number) {
    this.#items = new Int32Array(Math.max(16, expected));
  }

  push(item: number): void {
    if (this.length === this.#items.length) {
      const larger = new Int32Array(2 * this.length);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.length++] = item;
  }

  view(): Int32Array {
    return this.#items.subarray(0, this.length);
  }
}
