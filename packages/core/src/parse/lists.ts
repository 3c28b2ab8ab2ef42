import { ArgumentError } from "../errors.ts";
import { Expr } from "../expr.ts";
import { constant, literalValue, stack } from "../ops/index.ts";
import { formatShape, sameShape } from "../shape.ts";
import { type Nested, Tensor } from "../tensor.ts";
import { type Built, Sizes } from "./built.ts";

/**
 * `[a, b]`: the items along a new first axis. Of numbers it is a constant, with texts a shape.
 *
 * Throws ArgumentError for items of different shapes.
 */
export function listOf(items: readonly Built[]): Built {
  if (items.some((item) => typeof item === "string")) return new Sizes(items.map(size));
  const nodes = items.map((item) => {
    if (item instanceof Expr) return item;
    throw new ArgumentError("items of a list must be expressions, got a shape");
  });
  const [first] = nodes as [Expr];
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
  const number = literalValue(node);
  if (number !== undefined || node.op !== constant.op || node.dtype !== "f64") return number;
  const { value } = node.attributes;
  return value instanceof Tensor ? value.toArray() : undefined;
}

function size(item: Built): string | number {
  if (typeof item === "string") return item;
  const value = item instanceof Expr ? literalValue(item) : undefined;
  if (value !== undefined) return value;
  throw new ArgumentError("a shape must be a list of numbers and names, got something else");
}
