import { type Expr, isInput, nameOf, topological } from "@chainrule/core";

/** The input of this name, if the expression has one. */
export function variableNamed(expr: Expr, name: string | undefined): Expr | undefined {
  if (name === undefined) return undefined;
  return topological([expr]).nodes.find((node) => isInput(node) && nameOf(node) === name);
}
