import { placeholder } from "../closure.ts";
import { dependents } from "../dependents.ts";
import { isFloat } from "../dtype.ts";
import { reader } from "../elementwise.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { makeContext } from "../evaluationContext.ts";
import type { Expr, Type } from "../expr.ts";
import { apply } from "../intern.ts";
import type { Elements, TupleElements } from "../op.ts";
import { argument, constant } from "../ops/leaf.ts";
import { item } from "../ops/tuple.ts";
import { elementsOfNode } from "../scalarize.ts";
import { elementCount, formatShape } from "../shape.ts";
import { asTensor, Tensor, type Value } from "../tensor.ts";
import { topological } from "../traverse.ts";
import { EMPTY, type IndexSet, union, unionAll } from "./indexSet.ts";

/** For every element of a value, the elements of x it may depend on. */
type Sets = readonly IndexSet[];

/** Those of a node: one list, or one a result where it has several. */
type NodeSets = Sets | { readonly items: readonly Sets[] };

/** Beyond so many elements an op that only its scalar form explains is taken to mix them all. */
const EXPLAINED_ELEMENTS = 20_000;

/** The most scalar nodes made to explain one node; a loop unrolls to many. */
const EXPLAINED_NODES = 1_000_000;

/**
 * Which elements of `wrt`, counted through all of them, each element of the outputs may depend on by
 * a derivative: propagated through elementwise ops, ops that move elements, and the scalar forms
 * of others; an op without a scalar form is taken to mix all it is given.
 */
export function dependencies(
  where: string,
  outputs: readonly Expr[],
  wrt: readonly Expr[],
): readonly Sets[] {
  const order = topological(outputs);
  const { nodes } = order;
  const active = dependents(order, wrt);
  const sets: (NodeSets | undefined)[] = new Array(nodes.length).fill(undefined);
  const users = new Int32Array(nodes.length);
  for (const node of nodes) for (const arg of node.args) (users[order.indexOf(arg)] as number)++;
  for (const output of outputs) (users[order.indexOf(output)] as number)++;
  let offset = 0;
  for (const node of wrt) {
    const at = order.indexOf(node);
    const count = countOf(where, node);
    const start = offset;
    offset += count;
    if (at >= 0) sets[at] = Array.from({ length: count }, (_, i) => Int32Array.of(start + i));
  }
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as Expr;
    if (sets[at] === undefined && active[at] === 1) {
      const args = node.args.map((arg) => sets[order.indexOf(arg)]);
      if (args.some((arg) => arg !== undefined)) sets[at] = setsOf(where, node, args);
    }
    // What nobody needs any more is let go: patterns of a large graph would not fit together.
    for (const arg of node.args) {
      const from = order.indexOf(arg);
      if (--(users[from] as number) === 0) sets[from] = undefined;
    }
  }
  return outputs.map((output) => {
    const found = sets[order.indexOf(output)] as Sets | undefined;
    return found ?? new Array<IndexSet>(countOf(where, output)).fill(EMPTY);
  });
}

function countOf(where: string, { shape }: Type): number {
  if (shape.some((dim) => typeof dim === "string")) {
    throw new ShapeError(`${where}: sizes must be numbers, got ${formatShape(shape)}`);
  }
  return elementCount(shape as readonly number[]);
}

function setsOf(where: string, node: Expr, args: readonly (NodeSets | undefined)[]): NodeSets {
  const { op } = node;
  if (op === item.op) {
    const { items } = args[0] as { items: readonly Sets[] };
    return items[node.attributes["index"] as number] as Sets;
  }
  const own = args as readonly (Sets | undefined)[];
  if (op.elementwise !== undefined) return elementwiseSets(where, node, own);
  const count = node.args.reduce((total, arg) => total + countOf(where, arg), 0);
  if (op.moves === true && op.elements === undefined) return movedSets(node, own);
  if (count <= EXPLAINED_ELEMENTS && (op.elements ?? op.lower) !== undefined) {
    const explained = explainedSets(node, own);
    if (explained !== undefined) return explained;
  }
  return mixedSets(where, node, own);
}

/** The element of an argument that each element of the node's broadcast shape reads. */
function positionsOf(arg: Expr, shape: readonly number[]): (i: number) => number {
  const own = arg.shape as readonly number[];
  const count = elementCount(own);
  if (count === 1) return () => 0;
  const positions = Int32Array.from({ length: count }, (_, i) => i);
  return reader(new Tensor(own, positions, "i32"), shape);
}

function elementwiseSets(where: string, node: Expr, args: readonly (Sets | undefined)[]): Sets {
  const shape = node.shape as readonly number[];
  const count = countOf(where, node);
  let out: IndexSet[] = new Array(count).fill(EMPTY);
  for (const [k, sets] of args.entries()) {
    if (sets === undefined || node.op.elementwise?.partials[k] === null) continue;
    const at = positionsOf(node.args[k] as Expr, shape);
    out = out.map((before, i) => union(before, sets[at(i)] as IndexSet));
  }
  return out;
}

/** The op is run on the positions of its elements, counted from 1: a 0 is its own padding. */
function movedSets(node: Expr, args: readonly (Sets | undefined)[]): Sets {
  const source: IndexSet[] = [EMPTY];
  const positions = node.args.map((arg, k): Value => {
    const start = source.length;
    const count = elementCount(arg.shape as readonly number[]);
    for (let i = 0; i < count; i++) source.push(args[k]?.[i] ?? EMPTY);
    if (arg.shape.length === 0) return start;
    const data = Int32Array.from({ length: count }, (_, i) => start + i);
    return new Tensor(arg.shape as readonly number[], data, "i32");
  });
  const places = node.args.map((arg, i) => argument(i, arg.shape, "i32"));
  const mover = apply(node.op, places, node.attributes);
  const moved = mover.op.evaluate(positions, mover, makeContext(new Map())) as Value;
  return Array.from(asTensor(moved, "i32").data, (at) => source[at] as IndexSet);
}

/** Through the op's scalar form, on a fresh leaf for each element; `undefined` if that is too large. */
function explainedSets(node: Expr, args: readonly (Sets | undefined)[]): NodeSets | undefined {
  const leaves = new Map<Expr, IndexSet>();
  const given = node.args.map((arg, k): Elements => {
    const shape = arg.shape as readonly number[];
    const sets = args[k];
    if (sets === undefined && arg.op === constant.op) {
      const { data } = asTensor(arg.attributes["value"] as Value, arg.dtype);
      return { shape, items: Array.from(data, (number) => constant(number, arg.dtype)) };
    }
    const items = Array.from({ length: elementCount(shape) }, (_, i) => {
      const leaf = placeholder({ shape: [], dtype: arg.dtype });
      leaves.set(leaf, sets?.[i] ?? EMPTY);
      return leaf;
    });
    return { shape, items };
  });
  let found: TupleElements;
  try {
    found = elementsOfNode(node, given, EXPLAINED_NODES);
  } catch (error) {
    // No scalar form, or one that is too large: the caller falls back to mixing all.
    if (error instanceof ArgumentError) return undefined;
    throw error;
  }
  const parts = "items" in found ? [found] : found;
  const flat = scalarSets(
    parts.flatMap(({ items }) => items),
    leaves,
  );
  let offset = 0;
  const lists = parts.map(({ items }) => {
    offset += items.length;
    return flat.slice(offset - items.length, offset);
  });
  return "items" in found ? (lists[0] as Sets) : { items: lists };
}

function scalarSets(outputs: readonly Expr[], leaves: ReadonlyMap<Expr, IndexSet>): IndexSet[] {
  const order = topological(outputs);
  const sets: IndexSet[] = [];
  for (const node of order.nodes) {
    const partials = isFloat(node.dtype) ? node.op.elementwise?.partials : [];
    let own = leaves.get(node) ?? EMPTY;
    for (const [k, arg] of node.args.entries()) {
      if (partials !== undefined && (partials[k] ?? null) === null) continue;
      own = union(own, sets[order.indexOf(arg)] as IndexSet);
    }
    sets.push(own);
  }
  return outputs.map((output) => sets[order.indexOf(output)] as IndexSet);
}

/** Every element of the result on every element given. */
function mixedSets(where: string, node: Expr, args: readonly (Sets | undefined)[]): NodeSets {
  const all = unionAll(args.flatMap((sets) => sets ?? []));
  const fill = (type: Type): Sets =>
    new Array<IndexSet>(countOf(where, type)).fill(isFloat(type.dtype) ? all : EMPTY);
  const items = node.op.items?.(node.args, node.attributes);
  return items === undefined ? fill(node) : { items: items.map(fill) };
}
