import { ArgumentError, describe } from "../errors.ts";
import { makeContext } from "../evaluationContext.ts";
import { Expr, Lambda } from "../expr.ts";
import { apply, withFolding } from "../intern.ts";
import type { Op } from "../op.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { constant } from "../ops/leaf.ts";
import { isMask } from "../ops/select.ts";
import { sameShape } from "../shape.ts";
import { Tensor, type Value } from "../tensor.ts";
import { rewrite, withArgs } from "../traverse.ts";
import { exactRules } from "./exactRules.ts";
import { byOp, type Rule, rewriteOnce } from "./pattern.ts";
import { stableRules } from "./stableRules.ts";

/** Options of `normalize`. */
export interface NormalizeOptions {
  /**
   * Whether forms that lose digits or overflow give way to those that do not, such as log(1 + eˣ) to
   * softplus(x); true by default. Without them every bit of every value stays.
   */
  readonly stable?: boolean;
}

/**
 * The same expressions with less to compute: for speed, where `simplify` is for reading.
 *
 * Constants are folded, `a + b` and `b + a` are one node, costly ops give way to cheap ones. Every rule
 * keeps all values bit for bit, but those of `stableRules`, which improve them. Bodies of loops and
 * calls are left as they are.
 */
export function normalize(expr: Expr, options?: NormalizeOptions): Expr;
export function normalize<const O extends readonly Expr[]>(
  exprs: O,
  options?: NormalizeOptions,
): { -readonly [K in keyof O]: Expr };
export function normalize(
  exprs: Expr | readonly Expr[],
  { stable = true }: NormalizeOptions = {},
): unknown {
  const outputs: readonly unknown[] = Array.isArray(exprs) ? exprs : [exprs];
  for (const output of outputs) {
    if (!(output instanceof Expr)) {
      throw new ArgumentError(`normalize: there must be expressions, got ${describe(output)}`);
    }
  }
  const rules = byOp(stable ? [...stableRules, ...exactRules] : exactRules);
  const results = normalizeAll(outputs as readonly Expr[], rules);
  return Array.isArray(exprs) ? results : results[0];
}

/** Rewrites of one node, at most; rules only ever make nodes cheaper, so this guards faulty ones. */
const MOST_REWRITES = 16;

function normalizeAll(
  outputs: readonly Expr[],
  rules: ReadonlyMap<Op, readonly Rule[]>,
): readonly Expr[] {
  const ranks = new Map<Expr, number>();
  const ranked = (node: Expr): Expr => {
    if (!ranks.has(node)) ranks.set(node, ranks.size);
    return node;
  };
  return rewrite(outputs, (node, args) => {
    if (node.args.length === 0) return ranked(node);
    let made = rebuilt(node, commuted(node.op, args, ranks));
    for (let i = 0; i < MOST_REWRITES; i++) {
      const next = folded(made) ?? withFolding(() => rewriteOnce(rules, made));
      if (next === undefined || !alike(next, made)) break;
      made = next;
    }
    return ranked(made);
  });
}

/**
 * The node on new arguments, folded by its op. Masks are not moved: that would turn the NaN of 0 · ∞
 * into 0.
 */
function rebuilt(node: Expr, args: readonly Expr[]): Expr {
  if (args.some(isMask)) return withArgs(node, args);
  const made = withFolding(() => apply(node.op, args, node.attributes));
  return alike(made, node) ? made : withArgs(node, args);
}

/** A rewrite that changes shape or type is none. */
function alike(made: Expr, node: Expr): boolean {
  return made.dtype === node.dtype && sameShape(made.shape, node.shape);
}

/** `b + a` and `b a` as `a + b` and `a b`, in the order in which the arguments were met. */
function commuted(
  op: Op,
  args: readonly Expr[],
  ranks: ReadonlyMap<Expr, number>,
): readonly Expr[] {
  if (op !== add.op && op !== mul.op) return args;
  const [a, b] = args as readonly [Expr, Expr];
  return (ranks.get(b) ?? 0) < (ranks.get(a) ?? 0) ? [b, a] : args;
}

/** Larger constants stay formulas: `broadcastTo(0, [1000, 1000])` is short and its elements are not. */
const MOST_ELEMENTS = 64;

/** An op on constants as a constant. */
function folded(node: Expr): Expr | undefined {
  const { op, args, attributes } = node;
  if (op.items !== undefined || args.length === 0) return undefined;
  const values = args.map((arg) => (arg.args.length === 0 ? arg.attributes["value"] : undefined));
  if (!values.every((value) => typeof value === "number" || value instanceof Tensor)) {
    return undefined;
  }
  let count = 1;
  for (const dim of node.shape) count *= typeof dim === "number" ? dim : Number.POSITIVE_INFINITY;
  if (count > MOST_ELEMENTS) return undefined;
  // A loop may run for long, and belongs to the run.
  if (Object.values(attributes).some((value) => value instanceof Lambda)) return undefined;
  try {
    const value = op.evaluate(values as readonly Value[], node, makeContext(new Map()));
    return constant(value as Value, node.dtype);
  } catch {
    // What cannot be computed fails when it is run, if it is: a branch may never be taken.
    return undefined;
  }
}
