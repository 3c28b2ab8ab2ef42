import {
  add,
  apply,
  constant,
  type DType,
  type Example,
  type Expr,
  evaluate,
  grad,
  isFloat,
  jvp,
  type Op,
  scalar,
  sum,
  variable,
  where,
} from "@chainrule/core";
import { expect } from "vitest";
import { elementsOf } from "./points.ts";
import { expectUlps } from "./ulps.ts";

const letters = ["a", "b", "c"] as const;

/** Values of the letters. */
export function named(at: readonly number[]): Record<string, number> {
  return Object.fromEntries(at.map((value, i) => [letters[i] as string, value]));
}

/** Scalars for the arguments of an elementwise op, conditions as truth values. */
export function inputsOf(op: Op, dtype: DType = "f64"): Expr[] {
  return (op.domain ?? []).map((range, i) =>
    scalar(letters[i] as string, range.integer === true ? "bool" : dtype),
  );
}

/** The partial by one argument as the rule makes it. */
export function partialOf(
  node: Expr,
  index: number,
  form: "partials" | "shown" = "partials",
): Expr | null {
  const partial = node.op.elementwise?.[form]?.[index] as ((...all: unknown[]) => Expr) | null;
  return partial?.(...node.args, node, node.attributes) ?? null;
}

/** Whether derivatives by some argument exist. */
export function differentiable(node: Expr): boolean {
  return isFloat(node.dtype) && node.args.some((_, i) => partialOf(node, i) !== null);
}

/** Value and partials of an example, exact at edges and within 4 ulp elsewhere. */
export function expectExample(op: Op, { at, value, partials, attributes }: Example): void {
  const args = at.map((number, i) =>
    constant(number, op.domain?.[i]?.integer === true ? "bool" : "f64"),
  );
  const node = apply(op, args, attributes);
  const label = `${op.name}(${at})`;
  if (value !== undefined) expectUlps(evaluate(node) as number, value, 4, label);
  for (const [i, partial] of (partials ?? []).entries()) {
    const rule = partialOf(node, i);
    if (partial === undefined || rule === null) continue;
    expectUlps(evaluate(rule) as number, partial, 4, `∂${i} ${label}`);
  }
}

/** Where ops and their derivatives are infinite or no numbers. */
const SINGULAR = [0, -0, 1, -1, 0.5, -3, 1e200, -1e200, 1e-200];

/** `where(chosen, 3x, op(x, …))` is 3x with derivatives 3, 0, 0, whatever the op does. */
export function expectNoLeak(op: Op): void {
  const x = variable("x", [2]);
  const chosen = variable("chosen", [], "bool");
  const args = (op.domain ?? []).map((range) => (range.integer === true ? chosen : x));
  const singular = apply(op, args);
  if (!isFloat(singular.dtype)) return;
  const y = sum(where(chosen, x.mul(3), add(singular, singular.mul(x))));
  const ones = constant([1, 1]);
  const orders: Expr[] = [grad(y, x)];
  const forward: Expr[] = [jvp(y, [x], [ones])];
  for (let order = 2; order <= 3; order++) {
    orders.push(grad(sum(orders.at(-1) as Expr), x));
    forward.push(jvp(forward.at(-1) as Expr, [x], [ones]));
  }
  for (const at of SINGULAR) {
    const values = evaluate([...orders, ...forward], { x: [at, at], chosen: 1 });
    const label = `${op.name}(${at})`;
    expect(values.flatMap(elementsOf), label).toEqual([3, 3, 0, 0, 0, 0, 6, 0, 0]);
  }
}
