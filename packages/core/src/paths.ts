import { dependents } from "./dependents.ts";
import { localPartial } from "./differentiate/reverse.ts";
import { ArgumentError } from "./errors.ts";
import type { Expr } from "./expr.ts";
import { withFolding } from "./intern.ts";
import { mul } from "./ops/arithmetic.ts";
import { constant } from "./ops/leaf.ts";
import { type Order, topological } from "./traverse.ts";

/** One step of a path: `user` takes the node before it as its argument number `index`. */
export interface PathEdge {
  readonly from: Expr;
  readonly user: Expr;
  readonly index: number;
  /** `∂user/∂from` by this argument; `undefined` where the user is not elementwise. */
  readonly partial: Expr | undefined;
}

/** A path from y down to x, and the product of the partials along it. */
export interface Path {
  /** From x up to y. */
  readonly nodes: readonly Expr[];
  /** From x up to y. */
  readonly edges: readonly PathEdge[];
  /** Product of the partials from y down to x; `undefined` where a step is not elementwise. */
  readonly product: Expr | undefined;
}

/** All paths between two nodes: counted without walking them, walked one at a time. */
export interface Paths extends Iterable<Path> {
  /** Exact, however many they are. */
  readonly count: bigint;
  /** Edges of all paths together, each as often as a path takes it. */
  readonly length: bigint;
}

/**
 * Every path by which `y` depends on `x`: `∂y/∂x = Σ over paths Π over edges ∂user/∂from`.
 *
 * Counting paths and their edges takes one sweep over the graph. Walking is lazy, in the order of the arguments.
 */
export function paths(y: Expr, x: Expr): Paths {
  const order = topological([y]);
  const reaches = dependents(order, [x]);
  return {
    ...countPaths(order, reaches, y, x),
    [Symbol.iterator]: () => walk(order, reaches, y, x),
  };
}

function countPaths(
  order: Order,
  reaches: Uint8Array,
  y: Expr,
  x: Expr,
): Pick<Paths, "count" | "length"> {
  const counts: bigint[] = new Array(order.nodes.length).fill(0n);
  const lengths: bigint[] = new Array(order.nodes.length).fill(0n);
  const start = order.indexOf(x);
  if (start < 0) return { count: 0n, length: 0n };
  counts[start] = 1n;
  for (let at = start + 1; at < counts.length; at++) {
    if (reaches[at] !== 1) continue;
    let count = 0n;
    let length = 0n;
    const node = order.nodes[at] as Expr;
    for (let i = 0; i < node.args.length; i++) {
      if (!passes(node, i)) continue;
      const from = order.indexOf(node.args[i] as Expr);
      count += counts[from] as bigint;
      // Each path that comes this way is one edge longer.
      length += (lengths[from] as bigint) + (counts[from] as bigint);
    }
    counts[at] = count;
    lengths[at] = length;
  }
  const end = order.indexOf(y);
  return { count: counts[end] as bigint, length: lengths[end] as bigint };
}

/** Whether derivatives pass from a node to this argument (they do not to a condition). */
function passes({ op }: Expr, index: number): boolean {
  return op.elementwise === undefined || op.elementwise.partials[index] !== null;
}

function* walk(order: Order, reaches: Uint8Array, y: Expr, x: Expr): Generator<Path> {
  if (!order.has(x) || reaches[order.indexOf(y)] !== 1) return;
  const stack: Expr[] = [y];
  const next: number[] = [0];
  while (stack.length > 0) {
    const top = stack.length - 1;
    const node = stack[top] as Expr;
    const child = next[top] as number;
    if (node === x || child === node.args.length) {
      if (node === x) yield pathOf(stack, next);
      stack.pop();
      next.pop();
      continue;
    }
    next[top] = child + 1;
    const arg = node.args[child] as Expr;
    if (reaches[order.indexOf(arg)] === 1 && passes(node, child)) {
      stack.push(arg);
      next.push(0);
    }
  }
}

/** The stack holds the nodes from y down; `next` is one past the argument taken at each. */
function pathOf(stack: readonly Expr[], next: readonly number[]): Path {
  const edges: PathEdge[] = [];
  let product: Expr | undefined;
  let complete = true;
  for (let i = 0; i + 1 < stack.length; i++) {
    const user = stack[i] as Expr;
    const index = (next[i] as number) - 1;
    const partial = withFolding(() => localPartial(user, index));
    edges.push({ from: stack[i + 1] as Expr, user, index, partial });
    if (partial === undefined) complete = false;
    else
      product = product === undefined ? partial : withFolding(() => mul(product as Expr, partial));
  }
  return {
    nodes: [...stack].reverse(),
    edges: edges.reverse(),
    product: complete ? (product ?? constant(1, (stack[0] as Expr).dtype)) : undefined,
  };
}

/** The first `limit` paths, or an error that says how many there are. */
export function listPaths(y: Expr, x: Expr, limit = 1000): readonly Path[] {
  const all = paths(y, x);
  if (all.count > BigInt(limit)) {
    throw new ArgumentError(`paths: at most ${limit} paths can be listed, got ${all.count}`);
  }
  return [...all];
}
