import {
  broadcastTo,
  type Expr,
  matmul,
  reshape,
  sum,
  swapsLast,
  topological,
  transpose,
  withArgs,
} from "@chainrule/core";
import { simplify } from "@chainrule/core/rewrite";

/**
 * A formula as one writes it: `0.5 · 2(y − t)` is `y − t`, `(Qᵀδ)ᵀ` is `δᵀQ`; what broadcasting does
 * anyway is not said.
 */
export function tidy(formula: Expr): Expr {
  const made = new Map<Expr, Expr>();
  for (const node of topological([formula]).nodes) {
    const args = node.args.map((arg) => made.get(arg) as Expr);
    made.set(node, tidied(node, args));
  }
  const out = made.get(formula) as Expr;
  const simple = simplify(out);
  return simple.shape.join() === out.shape.join() && size(simple) < size(out) ? simple : out;
}

function tidied(node: Expr, args: readonly Expr[]): Expr {
  const { op, shape } = node;
  const [x] = args;
  if (op.elementwise !== undefined && args.length > 1) return unspread(node, args);
  if (op === transpose.op && x !== undefined && swapsLast(node)) {
    if (x.op === transpose.op && swapsLast(x)) return x.args[0] as Expr;
    const [a, b] = x.args;
    const matrices = a?.shape.length === 2 && b?.shape.length === 2;
    if (x.op === matmul.op && matrices) return matmul(turned(b as Expr), turned(a as Expr));
  }
  if (op === reshape.op && x?.op === sum.op && x.attributes["keepDims"] === true) {
    const dropped = sum(x.args[0] as Expr, x.attributes["axes"] as readonly number[]);
    if (dropped.shape.join() === shape.join()) return dropped;
  }
  return withArgs(node, args);
}

/** Operands as they are, where the others spread them out. */
function unspread(node: Expr, args: readonly Expr[]): Expr {
  const plain = args.map((arg) => {
    const spread =
      arg.op === broadcastTo.op || (arg.op === reshape.op && arg.args[0]?.shape.length === 0);
    return spread ? (arg.args[0] as Expr) : arg;
  });
  const out = withArgs(node, plain);
  if (out.shape.join() === node.shape.join()) return out;
  return withArgs(node, args);
}

function turned(x: Expr): Expr {
  return x.op === transpose.op && swapsLast(x) ? (x.args[0] as Expr) : transpose(x);
}

function size(expr: Expr): number {
  const sizes = new Map<Expr, number>();
  for (const node of topological([expr]).nodes) {
    let own = 1;
    for (const arg of node.args) own += sizes.get(arg) as number;
    sizes.set(node, own);
  }
  return sizes.get(expr) as number;
}
