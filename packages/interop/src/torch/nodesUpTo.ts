import { type Expr, topological } from "@chainrule/core";

/** Nodes that the outputs depend on, given ones and all before them left out. */
export function nodesUpTo(
  outputs: readonly Expr[],
  given: ReadonlyMap<Expr, unknown>,
): readonly Expr[] {
  const whole = [...given.keys()].every(({ args }) => args.length === 0);
  if (whole) return topological(outputs).nodes;
  const nodes: Expr[] = [];
  const done = new Set<Expr>(given.keys());
  const path: Expr[] = [...outputs].reverse();
  while (path.length > 0) {
    const node = path.at(-1) as Expr;
    const open = done.has(node) ? [] : node.args.filter((arg) => !done.has(arg));
    if (open.length > 0) {
      path.push(...open.reverse());
      continue;
    }
    path.pop();
    if (done.has(node)) continue;
    done.add(node);
    nodes.push(node);
  }
  return nodes;
}
