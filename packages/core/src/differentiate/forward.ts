import { dependents } from "../dependents.ts";
import { DifferentiationError } from "../errors.ts";
import type { Expr } from "../expr.ts";
import { withFolding } from "../intern.ts";
import type { ForwardContext } from "../op.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { broadcastTo } from "../ops/movement.ts";
import { item } from "../ops/tuple.ts";
import { sameShape } from "../shape.ts";
import { topological } from "../traverse.ts";
import { pullback } from "./reverse.ts";

/** What the sweep lends to rules with sub-graphs. */
const forwardContext: ForwardContext = { pullback, pushforward };

type Tangent = Expr | undefined | readonly (Expr | undefined)[];

/**
 * Tangents of `outputs` from tangents (`directions`) of `wrt`: `ẏ = Σ ∂y/∂xᵢ ẋᵢ`, from the inputs up.
 *
 * `undefined` stands where no path leads.
 */
export function pushforward(
  outputs: readonly Expr[],
  wrt: readonly Expr[],
  directions: readonly (Expr | undefined)[],
): (Expr | undefined)[] {
  const order = topological(outputs);
  const { nodes } = order;
  const active = dependents(order, wrt);
  const tangents: Tangent[] = new Array(nodes.length).fill(undefined);
  const seeded = new Uint8Array(nodes.length);
  for (let i = 0; i < wrt.length; i++) {
    const at = order.indexOf(wrt[i] as Expr);
    if (at < 0) continue;
    tangents[at] = directions[i];
    seeded[at] = 1;
  }
  return withFolding(() => {
    for (let at = 0; at < nodes.length; at++) {
      if (active[at] !== 1 || seeded[at] === 1) continue;
      const node = nodes[at] as Expr;
      const own = node.args.map((arg) => tangents[order.indexOf(arg)]);
      if (own.every((tangent) => tangent === undefined)) continue;
      tangents[at] = tangentOf(node, own);
    }
    return outputs.map((output) => tangents[order.indexOf(output)] as Expr | undefined);
  });
}

function tangentOf(node: Expr, tangents: readonly Tangent[]): Tangent {
  const { op, args, attributes } = node;
  if (op === item.op) {
    return (tangents[0] as readonly (Expr | undefined)[])[attributes["index"] as number];
  }
  const own = tangents as readonly (Expr | undefined)[];
  if (op.items !== undefined) {
    if (op.jvpItems === undefined) throw noRule(op.name);
    return op.jvpItems(node, own, forwardContext);
  }
  if (op.jvp !== undefined) {
    const tangent = op.jvp(node, own, forwardContext);
    return tangent === undefined ? undefined : fit(tangent, node);
  }
  if (op.elementwise === undefined) throw noRule(op.name);
  let total: Expr | undefined;
  for (let i = 0; i < args.length; i++) {
    const tangent = own[i];
    const partial = op.elementwise.partials[i] as ((...all: unknown[]) => Expr) | null | undefined;
    if (tangent === undefined || partial === null || partial === undefined) continue;
    const term = mul(tangent, partial(...args, node, attributes));
    total = total === undefined ? term : add(total, term);
  }
  return total === undefined ? undefined : fit(total, node);
}

/** Repeats along broadcast axes and takes the node's element type. */
function fit(tangent: Expr, node: Expr): Expr {
  const typed = tangent.dtype === node.dtype ? tangent : cast(tangent, node.dtype);
  return sameShape(typed.shape, node.shape) ? typed : broadcastTo(typed, node.shape);
}

function noRule(name: string): DifferentiationError {
  return new DifferentiationError(
    `jvp: every op on the path must have a forward rule, got ${name}, which has none`,
  );
}
