import { ArgumentError, describe, EvaluationError } from "./errors.ts";
import { Expr, Lambda, type Type } from "./expr.ts";
import { applyUnique } from "./intern.ts";
import type { Op } from "./op.ts";
import { argumentOf, typeOf } from "./ops/control/lambda.ts";
import { argument, parameter, variable } from "./ops/leaf.ts";
import { withArgs } from "./traverse.ts";

/** Stands for an argument while a callback is traced; finished graphs hold none. */
const placeholderOp: Op = {
  name: "placeholder",
  arity: 0,
  infer: (_args, attributes) => attributes as unknown as Type,
  evaluate: () => {
    throw new EvaluationError(
      "evaluate: an argument of a traced function must be used inside that function only, got one outside",
    );
  },
  notation: { form: "leaf" },
};

/** A fresh leaf, equal to no other. */
export function placeholder({ shape, dtype }: Type): Expr {
  return applyUnique(placeholderOp, { shape, dtype });
}

/** Functions as sub-graphs without free inputs, and what they took from outside. */
export interface Closure {
  /** One for each group of outputs; their inputs are the parameters, then the captures. */
  readonly bodies: readonly Lambda[];
  /** Expressions from outside, in the order in which they are further inputs. */
  readonly captures: readonly Expr[];
}

/** What a function takes from outside: `leaves` only, or the largest `expressions` it can. */
export type Lift = "leaves" | "expressions";

/**
 * Closes groups of outputs over their parameters (placeholders): variables, parameters and outer
 * placeholders become further inputs. With `expressions`, the largest sub-expressions that do not
 * depend on the parameters do, so that a loop does not compute them in every step.
 */
export function close(
  parameters: readonly Expr[],
  groups: readonly (readonly Expr[])[],
  lift: Lift,
): Closure {
  const inside = lift === "leaves" ? everything : dependentOn(parameters, groups.flat());
  const made = new Map<Expr, Expr>();
  for (const [i, leaf] of parameters.entries()) made.set(leaf, argumentOf(typeOf(leaf), i));
  const captures: Expr[] = [];
  const enter = (node: Expr): boolean => {
    if (made.has(node)) return false;
    if (node.args.length > 0 && (inside(node) || !hasInput(node))) return true;
    if (!hasInput(node)) made.set(node, node);
    else {
      made.set(node, argumentOf(typeOf(node), parameters.length + captures.length));
      captures.push(node);
    }
    return false;
  };
  const leave = (node: Expr): void => {
    made.set(
      node,
      withArgs(
        node,
        node.args.map((arg) => made.get(arg) as Expr),
      ),
    );
  };
  for (const group of groups) walk(group, enter, leave);
  const types = [...parameters, ...captures].map(typeOf);
  const bodies = groups.map(
    (group) =>
      new Lambda(
        types,
        group.map((output) => made.get(output) as Expr),
      ),
  );
  return { bodies, captures };
}

/** Visits arguments before users; `enter` tells whether to go into a node at all. */
function walk(
  roots: readonly Expr[],
  enter: (node: Expr) => boolean,
  leave: (node: Expr) => void,
): void {
  const path: Expr[] = [];
  const next: number[] = [];
  const push = (node: Expr): void => {
    if (!enter(node)) return;
    path.push(node);
    next.push(0);
  };
  for (const root of roots) {
    push(root);
    while (path.length > 0) {
      const top = path.length - 1;
      const node = path[top] as Expr;
      const child = next[top] as number;
      if (child === node.args.length) {
        path.pop();
        next.pop();
        leave(node);
      } else {
        next[top] = child + 1;
        push(node.args[child] as Expr);
      }
    }
  }
}

function everything(): boolean {
  return true;
}

/** The nodes that depend on the parameters. What is older than all of them cannot, unvisited. */
function dependentOn(
  parameters: readonly Expr[],
  outputs: readonly Expr[],
): (node: Expr) => boolean {
  const depends = new Map<Expr, boolean>();
  let oldest = Number.POSITIVE_INFINITY;
  for (const leaf of parameters) {
    depends.set(leaf, true);
    oldest = Math.min(oldest, leaf.id);
  }
  const enter = (node: Expr): boolean => {
    if (depends.has(node)) return false;
    if (node.id > oldest && node.args.length > 0) return true;
    depends.set(node, false);
    return false;
  };
  walk(outputs, enter, (node) =>
    depends.set(
      node,
      node.args.some((arg) => depends.get(arg)),
    ),
  );
  return (node) => depends.get(node) === true;
}

/** Whether a node depends on an input of any kind; kept, since every closure asks again. */
const withInput = new WeakMap<Expr, boolean>();

function hasInput(root: Expr): boolean {
  if (root.args.length === 0) return isOpen(root);
  const known = withInput.get(root);
  if (known !== undefined) return known;
  const path: Expr[] = [root];
  const next: number[] = [0];
  while (path.length > 0) {
    const top = path.length - 1;
    const node = path[top] as Expr;
    const child = next[top] as number;
    if (child === node.args.length) {
      path.pop();
      next.pop();
      withInput.set(node, false);
      continue;
    }
    next[top] = child + 1;
    const arg = node.args[child] as Expr;
    const found = arg.args.length === 0 ? isOpen(arg) : withInput.get(arg);
    if (found === true) {
      for (const user of path) withInput.set(user, true);
      return true;
    }
    if (found === undefined) {
      path.push(arg);
      next.push(0);
    }
  }
  return false;
}

/** Leaves whose value is given from outside. */
function isOpen({ op }: Expr): boolean {
  return op === variable.op || op === parameter.op || op === argument.op || op === placeholderOp;
}

/** Throws ArgumentError unless a callback gave expressions. */
export function checkResult(where: string, value: unknown): asserts value is Expr {
  if (!(value instanceof Expr)) {
    throw new ArgumentError(`${where}: the function must give expressions, got ${describe(value)}`);
  }
}
