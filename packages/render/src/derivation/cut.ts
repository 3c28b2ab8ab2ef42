import { type Expr, withArgs } from "@chainrule/core";

/**
 * The expression with the stand-ins in place of the nodes they stand for. Nothing below such a node
 * is looked at, so the cost is that of what is seen.
 */
export function cut(expr: Expr, standIns: ReadonlyMap<Expr, Expr>, keep?: Expr): Expr {
  const made = new Map<Expr, Expr>();
  const path: Expr[] = [expr];
  const next: number[] = [0];
  while (path.length > 0) {
    const top = path.length - 1;
    const node = path[top] as Expr;
    const standIn = node === keep ? undefined : standIns.get(node);
    const child = next[top] as number;
    if (standIn === undefined && child < node.args.length) {
      next[top] = child + 1;
      const arg = node.args[child] as Expr;
      if (!made.has(arg)) {
        path.push(arg);
        next.push(0);
      }
      continue;
    }
    path.pop();
    next.pop();
    made.set(
      node,
      standIn ??
        withArgs(
          node,
          node.args.map((arg) => made.get(arg) as Expr),
        ),
    );
  }
  return made.get(expr) as Expr;
}
