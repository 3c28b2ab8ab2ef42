import type { Expr } from "../expr.ts";
import type { Op } from "../op.ts";
import { literalValue } from "../ops/leaf.ts";

/** What the names of a pattern stand for. */
export type Bound = Map<string, Expr>;

/** A form that an expression may have. */
export type Pattern = (expr: Expr, bound: Bound) => boolean;

/** Any expression; where the name occurs again, the same. */
export function any(name: string): Pattern {
  return (expr, bound) => {
    const before = bound.get(name);
    if (before === undefined) bound.set(name, expr);
    return before === undefined || before === expr;
  };
}

/** A scalar number. */
export function literal(value: number): Pattern {
  return (expr) => Object.is(literalValue(expr), value);
}

/** An operation on arguments of these forms. */
export function form(op: Op, ...args: readonly Pattern[]): Pattern {
  return (expr, bound) =>
    expr.op === op &&
    expr.args.length === args.length &&
    args.every((pattern, i) => pattern(expr.args[i] as Expr, bound));
}

/** An operation on two arguments of these forms, in either order. */
export function either(op: Op, a: Pattern, b: Pattern): Pattern {
  const straight = form(op, a, b);
  const turned = form(op, b, a);
  return (expr, bound) => {
    const before = new Map(bound);
    if (straight(expr, bound)) return true;
    bound.clear();
    for (const [name, value] of before) bound.set(name, value);
    return turned(expr, bound);
  };
}

/** One rewrite: its name, the operation it begins with, and what it makes. */
export interface Rule {
  readonly name: string;
  readonly op: Op;
  readonly rewrite: (node: Expr) => Expr | undefined;
}

/** What a rule asks of the parts of a pattern. */
export type Part = (name: string) => Expr;

/**
 * A rule that replaces a form. `build` may decline by giving `undefined`; its result must have the
 * shape and type of the node, which is given last.
 */
export function rule(
  name: string,
  op: Op,
  pattern: Pattern,
  build: (part: Part, node: Expr) => Expr | undefined,
): Rule {
  return {
    name,
    op,
    rewrite: (node) => {
      const bound: Bound = new Map();
      if (!pattern(node, bound)) return undefined;
      return build((part) => bound.get(part) as Expr, node);
    },
  };
}

/** Rules by the operation they begin with, in their order. */
export function byOp(rules: readonly Rule[]): ReadonlyMap<Op, readonly Rule[]> {
  const table = new Map<Op, Rule[]>();
  for (const one of rules) {
    const list = table.get(one.op);
    if (list === undefined) table.set(one.op, [one]);
    else list.push(one);
  }
  return table;
}

/** The first rewrite that applies to a node. */
export function rewriteOnce(table: ReadonlyMap<Op, readonly Rule[]>, node: Expr): Expr | undefined {
  for (const { rewrite } of table.get(node.op) ?? []) {
    const made = rewrite(node);
    if (made !== undefined && made !== node) return made;
  }
  return undefined;
}
