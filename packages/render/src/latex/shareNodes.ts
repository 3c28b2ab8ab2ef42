import type { Expr } from "@chainrule/core";

/** Nodes of the outputs, arguments first, without those below the nodes of `stop`. */
export function reachable(outputs: readonly Expr[], stop: ReadonlySet<Expr>): Expr[] {
  const nodes: Expr[] = [];
  const seen = new Set<Expr>();
  const path: Expr[] = [];
  const next: number[] = [];
  const enter = (node: Expr): void => {
    if (seen.has(node)) return;
    seen.add(node);
    path.push(node);
    next.push(stop.has(node) ? node.args.length : 0);
  };
  for (const output of outputs) {
    enter(output);
    while (path.length > 0) {
      const top = path.length - 1;
      const node = path[top] as Expr;
      const child = next[top] as number;
      if (child < node.args.length) {
        next[top] = child + 1;
        enter(node.args[child] as Expr);
      } else {
        path.pop();
        next.pop();
        nodes.push(node);
      }
    }
  }
  return nodes;
}

/** Written out, a formula of more terms than these is not read any more. */
const READABLE = 120;

/** A subterm of more nodes than this is worth a name. */
const WORTH_A_NAME = 3;

/** Nesting at which a formula is shared at all … */
const TOO_DEEP = 60;

/** … and after which a name begins a new line then. */
const DEEPEST = 12;

/** The nodes that get names: used more than once, or nested too deep to be read. */
export function shareNodes(
  nodes: readonly Expr[],
  outputs: readonly Expr[],
  stop: ReadonlySet<Expr>,
  share: boolean | undefined,
): ReadonlySet<Expr> {
  const shared = new Set<Expr>();
  if (share === false || (share === undefined && isReadable(nodes, outputs, stop))) return shared;
  const uses = new Map<Expr, number>();
  const use = (node: Expr): void => void uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const output of outputs) use(output);
  for (const node of nodes) if (!stop.has(node)) for (const arg of node.args) use(arg);
  const sizes = new Map<Expr, number>();
  const depths = new Map<Expr, number>();
  for (const node of nodes) {
    if (stop.has(node)) continue;
    let size = 1;
    let depth = 0;
    node.args.forEach((arg, i) => {
      size += sizes.get(arg) ?? 1;
      depth = Math.max(depth, (depths.get(arg) ?? 0) + (isInline(node, i) ? 0 : 1));
    });
    const often = (uses.get(node) as number) > 1 && size > WORTH_A_NAME;
    const named = node.args.length > 0 && (often || depth > DEEPEST);
    if (named) shared.add(node);
    sizes.set(node, named ? 1 : size);
    depths.set(node, named ? 0 : depth);
  }
  for (const output of outputs) if (uses.get(output) === 1) shared.delete(output);
  return shared;
}

/** The left operands of a long sum stand in one line. */
function isInline(node: Expr, index: number): boolean {
  return index === 0 && node.op.notation.form === "infix" && node.args[0]?.op === node.op;
}

function isReadable(
  nodes: readonly Expr[],
  outputs: readonly Expr[],
  stop: ReadonlySet<Expr>,
): boolean {
  const sizes = new Map<Expr, number>();
  const depths = new Map<Expr, number>();
  let deepest = 0;
  for (const node of nodes) {
    let size = 1;
    let depth = 0;
    if (!stop.has(node)) {
      node.args.forEach((arg, i) => {
        size += sizes.get(arg) as number;
        depth = Math.max(depth, (depths.get(arg) as number) + (isInline(node, i) ? 0 : 1));
      });
    }
    sizes.set(node, size);
    depths.set(node, depth);
    deepest = Math.max(deepest, depth);
  }
  let total = 0;
  for (const output of outputs) total += sizes.get(output) as number;
  return deepest <= TOO_DEEP && total <= Math.max(READABLE, 1.25 * nodes.length);
}
