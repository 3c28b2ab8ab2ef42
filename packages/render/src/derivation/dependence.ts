import type { Expr } from "@chainrule/core";
import type { Quantity, Step } from "./quantity.ts";

/**
 * Tells whether one quantity depends on another. One sweep over the steps a quantity asked for, of
 * those that several steps use: what one step uses alone nothing else depends on otherwise.
 */
export function dependence(steps: readonly Step[]): (one: Quantity, other: Quantity) => boolean {
  const uses = new Map<Expr, number>();
  for (const { sources } of steps) {
    for (const { node } of sources) uses.set(node, (uses.get(node) ?? 0) + 1);
  }
  const known = new Map<Expr, ReadonlySet<Expr>>();
  return (one, other) => {
    if ((uses.get(other.node) ?? 0) < 2) return false;
    const found = known.get(other.node) ?? dependentsOf(other, steps);
    known.set(other.node, found);
    return found.has(one.node);
  };
}

function dependentsOf(by: Quantity, steps: readonly Step[]): ReadonlySet<Expr> {
  const out = new Set<Expr>();
  for (const { node, sources } of steps) {
    if (sources.some((source) => source.node === by.node || out.has(source.node))) out.add(node);
  }
  return out;
}
