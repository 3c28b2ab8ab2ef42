import {
  argument,
  broadcastTo,
  concat,
  constant,
  dimension,
  type Expr,
  iota,
  isInput,
  matmul,
  namedConstant,
  type Op,
  place,
  reshape,
  slice,
  transpose,
} from "@chainrule/core";
import { map, scan, whileLoop } from "@chainrule/core/control";
import { isElementwise } from "../elementwise/index.ts";
import { combineOf } from "./elements.ts";
import type { Kernel } from "./kernel.ts";

/** Ops that the schedule itself knows. */
const known: ReadonlySet<Op> = new Set([
  argument.op,
  broadcastTo.op,
  concat.op,
  constant.op,
  dimension.op,
  iota.op,
  map.op,
  matmul.op,
  namedConstant.op,
  place.op,
  reshape.op,
  scan.op,
  slice.op,
  transpose.op,
  whileLoop.op,
]);

/** Whether the compiler has code for a node as it is, or its lowered form would not help. */
export function isPrimitive(node: Expr, kernels: ReadonlyMap<Op, Kernel>): boolean {
  return (
    known.has(node.op) ||
    isInput(node) ||
    isElementwise(node) ||
    combineOf(node) !== undefined ||
    kernels.has(node.op)
  );
}
