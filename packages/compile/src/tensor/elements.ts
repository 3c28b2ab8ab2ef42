import { all, any, type Expr, type Op, prod, reduceMax, reduceMin, sum } from "@chainrule/core";
import { fitsLane } from "../elementwise/index.ts";
import type { Combine, LoopClass } from "./step.ts";

const combines: ReadonlyMap<Op, Combine> = new Map<Op, Combine>([
  [sum.op, "sum"],
  [prod.op, "product"],
  [reduceMax.op, "max"],
  [reduceMin.op, "min"],
  [any.op, "any"],
  [all.op, "all"],
]);

/** How a reduction brings elements to one; undefined for other nodes. */
export function combineOf(node: Expr): Combine | undefined {
  return combines.get(node.op);
}

/** What a node's elements are computed as: floats where all are of single precision or truth values, else doubles. */
export function classOf(node: Expr): LoopClass {
  const single = node.dtype === "f32" || node.args.some(({ dtype }) => dtype === "f32");
  return single && fitsLane(node, "f32x4") ? "f32" : "f64";
}
