import type { Expr } from "@chainrule/core";

/** Nodes that roots depend on, arguments first; constants are none, and what is known is not entered. */
export function unwritten(
  roots: readonly Expr[],
  isKnown: (node: Expr) => boolean,
): readonly Expr[] {
  const order: Expr[] = [];
  const seen = new Set<Expr>();
  const path: Expr[] = [];
  const next: number[] = [];
  const enter = (node: Expr): void => {
    if (isConstant(node) || seen.has(node) || isKnown(node)) return;
    seen.add(node);
    path.push(node);
    next.push(0);
  };
  for (const root of roots) {
    enter(root);
    while (path.length > 0) {
      const top = path.length - 1;
      const node = path[top] as Expr;
      const child = next[top] as number;
      if (child === node.args.length) {
        order.push(path.pop() as Expr);
        next.pop();
      } else {
        next[top] = child + 1;
        enter(node.args[child] as Expr);
      }
    }
  }
  return order;
}

/** Whether a node is a number or a table of numbers. */
export function isConstant({ op }: Expr): boolean {
  return op.name === "constant" || op.name === "namedConstant";
}
