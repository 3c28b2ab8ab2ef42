import {
  broadcastTo,
  cast,
  constant,
  type Dim,
  dimension,
  type Expr,
  iota,
  isInput,
  namedConstant,
  reshape,
  slice,
  Tensor,
  transpose,
} from "@chainrule/core";
import { fixed, type Size } from "../plan/size.ts";
import type { Buffers } from "./buffers.ts";
import type { LoopStep } from "./step.ts";
import {
  broadcastView,
  type Range,
  reshapeView,
  scalarView,
  sliceView,
  transposeView,
  type View,
  wholeView,
} from "./view.ts";

/** The view of a node that only moves elements of its argument; undefined where they must be copied. */
export function movedView(node: Expr, viewOf: (node: Expr) => View): View | undefined {
  const { op, args, attributes, shape } = node;
  const [arg] = args;
  if (arg === undefined) return undefined;
  if (op === broadcastTo.op) return broadcastView(viewOf(arg), shape);
  if (op === reshape.op) return reshapeView(viewOf(arg), shape);
  if (op === transpose.op) {
    return transposeView(viewOf(arg), attributes["permutation"] as readonly number[]);
  }
  if (op === slice.op) return sliceView(viewOf(arg), attributes as unknown as Range);
  return op === cast.op && arg.dtype === node.dtype ? viewOf(arg) : undefined;
}

/** The view of a leaf that is known when the program is compiled. */
export function leafView(node: Expr, buffers: Buffers): View | undefined {
  const { op, attributes, dtype } = node;
  if (op === constant.op || op === namedConstant.op) {
    const value = attributes["value"];
    if (value instanceof Tensor) return wholeView(buffers.constant(value), node);
    return scalarView({ kind: "literal", value: value as number }, dtype);
  }
  if (op === dimension.op) {
    return scalarView({ kind: "dimension", name: attributes["name"] as string }, dtype);
  }
  if (op === iota.op) {
    const strides: Size[] = [fixed(1)];
    return { source: { kind: "iota" }, dtype, shape: node.shape, strides, offset: [] };
  }
  if (isInput(node)) throw new Error(`schedule: input ${node.toString()} must be bound, got none`);
  return undefined;
}

/** Whether two have the same elements for the same indices. */
export function sameAxes(
  a: { readonly shape: Expr["shape"] } | LoopStep,
  b: { readonly shape: Expr["shape"] } | LoopStep,
): boolean {
  const left = "space" in a ? a.space : a.shape;
  const right = "space" in b ? b.space : b.shape;
  return left.length === right.length && left.every((dim: Dim, axis) => dim === right[axis]);
}

export function sameView(a: View, b: View): boolean {
  return a.dtype === b.dtype && viewKey(a) === viewKey(b);
}

function viewKey({ source, strides, offset }: View): string {
  return JSON.stringify([source, strides, offset]);
}
