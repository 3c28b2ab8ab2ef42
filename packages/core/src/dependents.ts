import { isFloat } from "./dtype.ts";
import type { Expr } from "./expr.ts";
import type { Order } from "./traverse.ts";

/** Marks the differentiable nodes that depend on one of `wrt`. */
export function dependents(order: Order, wrt: readonly Expr[]): Uint8Array {
  const { nodes } = order;
  const active = new Uint8Array(nodes.length);
  for (const node of wrt) {
    const at = order.indexOf(node);
    if (at >= 0) active[at] = 1;
  }
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as Expr;
    if (active[at] === 1 || !isFloat(node.dtype)) continue;
    for (const arg of node.args) {
      if (active[order.indexOf(arg)] === 1) {
        active[at] = 1;
        break;
      }
    }
  }
  return active;
}
