import { type Expr, Tensor, type Trace, type TupleValue } from "@chainrule/core";

/** The first node whose value is NaN or ∞ though all of its arguments are finite; none, if all are finite. */
export function notFinite({ nodes }: Trace): Expr | undefined {
  const lost = new Set(nodes.filter(({ value }) => !isFiniteValue(value)).map(({ node }) => node));
  return nodes.find(({ node }) => lost.has(node) && !node.args.some((arg) => lost.has(arg)))?.node;
}

function isFiniteValue(value: TupleValue): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (value instanceof Tensor) return value.data.every(Number.isFinite);
  return value.every(isFiniteValue);
}
