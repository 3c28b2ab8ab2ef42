import { add, constant, type Expr, mul, ruleOf, type Trace, topological } from "@chainrule/core";
import { simplify } from "@chainrule/core/rewrite";
import type { Arithmetic } from "./arithmetic.ts";
import { cut } from "./cut.ts";
import type { Component, Quantity, Step } from "./quantity.ts";

/** A product of local partials from a step down to one of its sources, inside the step. */
interface Inner {
  readonly raw: Expr;
  readonly value: number;
  readonly rules: readonly string[];
}

/**
 * The partial of a step by each of its sources, from the local partials of the trace: their products
 * along the paths inside the step, summed. A source that the step does not vary with is left out.
 */
export function componentsOf(
  step: Step,
  quantities: ReadonlyMap<Expr, Quantity>,
  trace: Trace,
  arithmetic: Arithmetic,
  dependsOn: (one: Quantity, other: Quantity) => boolean,
): Component[] {
  const found = new Map<Expr, Inner>();
  const open: { readonly node: Expr; readonly inner: Inner | undefined }[] = [
    { node: step.node, inner: undefined },
  ];
  while (open.length > 0) {
    const { node, inner } = open.pop() as (typeof open)[number];
    // From the last argument to the first, since the stack turns them around.
    for (let index = node.args.length - 1; index >= 0; index--) {
      const arg = node.args[index] as Expr;
      const through = extended(inner, node, index, trace);
      if (through === undefined) continue;
      if (quantities.has(arg)) {
        const before = found.get(arg);
        found.set(arg, before === undefined ? through : plus(through, before));
      } else open.push({ node: arg, inner: through });
    }
  }
  // A partial may happen to equal a step elsewhere: it is written by what its own step is made of.
  const near = [...step.sources, step];
  const standIns = new Map(near.map(({ node, symbol }) => [node, symbol]));
  const bySymbol = new Map(near.map((one) => [one.symbol, one]));
  return step.sources.flatMap((by) => {
    const inner = found.get(by.node);
    if (inner === undefined) return [];
    const raw = cut(inner.raw, standIns);
    const shown = shorter(raw);
    const sources = symbolsIn(shown, bySymbol);
    return [
      {
        of: step,
        by,
        raw,
        shown,
        rules: [...new Set(inner.rules)],
        value: arithmetic.expression(inner.value, shown, sources),
        direct: step.sources.some((one) => one !== by && dependsOn(one, by)),
      },
    ];
  });
}

/** The quantities whose symbols an expression contains, in the order of their first use. */
export function symbolsIn(expr: Expr, bySymbol: ReadonlyMap<Expr, Quantity>): Quantity[] {
  return topological([expr]).nodes.flatMap((node) => bySymbol.get(node) ?? []);
}

function extended(
  inner: Inner | undefined,
  user: Expr,
  index: number,
  trace: Trace,
): Inner | undefined {
  const node = user.args[index] as Expr;
  const term = trace
    .at(node)
    ?.contributions.find((one) => one.user === user && one.index === index);
  if (term?.partial === undefined) return undefined;
  const { shown, value } = term.partial;
  const rule = ruleOf(user, index);
  if (inner === undefined) return { raw: shown, value: value as number, rules: [rule] };
  return {
    raw: times(inner.raw, shown),
    value: inner.value * (value as number),
    rules: [...inner.rules, rule],
  };
}

/** A factor 1, which sums give, is not written. */
function times(a: Expr, b: Expr): Expr {
  if (isOne(a)) return b;
  return isOne(b) ? a : mul(a, b);
}

/** Whether an expression is the number 1. */
export function isOne({ op, attributes }: Expr): boolean {
  return op === constant.op && attributes["value"] === 1;
}

/** Paths are found from the last to the first; the first is written first. */
function plus(a: Inner, b: Inner): Inner {
  return {
    raw: add(a.raw, b.raw),
    value: a.value + b.value,
    rules: [...a.rules, ...b.rules],
  };
}

/** The collected form where it is shorter: `2·½(t − o)·(−1)` as `o − t`, but σ(1 − σ) stays. */
function shorter(expr: Expr): Expr {
  const simple = simplify(expr);
  return sizeOf(simple) < sizeOf(expr) ? simple : expr;
}

/** Nodes as they are written, shared ones each time. */
function sizeOf(expr: Expr): number {
  const sizes = new Map<Expr, number>();
  for (const node of topological([expr]).nodes) {
    let size = 1;
    for (const arg of node.args) size += sizes.get(arg) as number;
    sizes.set(node, size);
  }
  return sizes.get(expr) as number;
}
