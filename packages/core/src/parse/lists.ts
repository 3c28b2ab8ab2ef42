import { ArgumentError } from "../errors.ts";
import type { Expr } from "../expr.ts";
import { constant, literalValue, stack } from "../ops/index.ts";
import { formatShape, sameShape } from "../shape.ts";
import { type Nested, Tensor } from "../tensor.ts";

/**
 * `[a, b]`: the items along a new first axis; of numbers it is a constant.
 *
 * Throws ArgumentError for no items, or items of different shapes.
 */
export function listOf(nodes: readonly Expr[]): Expr {
  const [first] = nodes;
  if (first === undefined) throw new ArgumentError("a list must have an item, got none");
  for (const { shape } of nodes) {
    if (sameShape(shape, first.shape)) continue;
    throw new ArgumentError(
      `items of a list must have one shape, got ${formatShape(first.shape)} and ${formatShape(shape)}`,
    );
  }
  const elements = nodes.map(elementsOf);
  return elements.every((element) => element !== undefined) ? constant(elements) : stack(nodes);
}

function elementsOf(node: Expr): Nested | undefined {
  if (node.op !== constant.op || node.dtype !== "f64") return undefined;
  const { value } = node.attributes;
  return literalValue(node) ?? (value instanceof Tensor ? value.toArray() : undefined);
}
