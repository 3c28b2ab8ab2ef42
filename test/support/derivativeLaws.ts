import {
  add,
  type CheckPoint,
  checkGradients,
  type Expr,
  evaluate,
  type GradientEntry,
  grad,
  isFloat,
  jvp,
  mul,
  parameter,
  sum,
  type Value,
  vjp,
} from "@chainrule/core";
import { expect } from "vitest";
import { elementsOf, valueLike } from "./points.ts";

/** A rule is wrong where the differences contradict it much more than each other. */
const CLEARLY = 10;

/** How many entries were compared with differences, and how many of them the differences decided. */
export interface Tally {
  entries: number;
  decided: number;
}

/** Forward = reverse = differences, at first and second order. */
export function expectDifferences(
  y: Expr,
  point: CheckPoint,
  tally: Tally,
  { order = 2 }: { order?: 1 | 2 } = {},
): void {
  for (const entry of checkGradients(y, point, { order }).entries) {
    expect(modesDiffer(entry), `forward = reverse: ${describeEntry(entry)}`).toBe(false);
    tally.entries++;
    // Near kinks and at steep places differences of two steps disagree, too.
    if (!entry.ok && entry.error < CLEARLY * entry.uncertainty) continue;
    tally.decided++;
    expect(entry.ok, `rule = difference: ${describeEntry(entry)}`).toBe(true);
  }
}

function modesDiffer({ derivative, forward }: GradientEntry): boolean {
  const other = forward as number;
  if (Object.is(derivative, other)) return false;
  return !(Math.abs(derivative - other) <= 1e-11 * Math.max(1, Math.abs(derivative)));
}

function describeEntry(entry: GradientEntry): string {
  const { name, index, order, derivative, forward, difference, uncertainty } = entry;
  return `${name}[${index}] order ${order}: ${derivative} reverse, ${forward} forward, ${difference} ± ${uncertainty} differences`;
}

/** The share of decided entries that makes the comparison worth its name. */
export function expectDecided({ entries, decided }: Tally, share: number): void {
  expect(decided, `differences decided ${decided} of ${entries}`).toBeGreaterThanOrEqual(
    share * entries,
  );
}

/** ⟨v, Jᵀu⟩ = ⟨Jv, u⟩, relative to the sizes of the terms. */
export function expectTransposed(
  y: Expr,
  wrt: readonly Expr[],
  values: ReadonlyMap<Expr, Value>,
  tolerance: number,
): void {
  const bound = new Map(values);
  const make = (like: Expr, name: string, seed: number): Expr => {
    const made = parameter(name, like.shape, like.dtype);
    bound.set(made, valueLike(like, seed));
    return made;
  };
  const u = make(y, "u", 11);
  const vs = wrt.map((x, i) => make(x, "v", 17 + i));
  const adjoints = vjp(y, wrt, u);
  const left = vs.map((v, i) => mul(v, adjoints[i] as Expr));
  const right = mul(jvp(y, wrt, vs), u);
  const products = evaluate([...left, right], bound).map(elementsOf);
  const total = (lists: readonly (readonly number[])[], of: (x: number) => number): number =>
    lists.flat().reduce((before, item) => before + of(item), 0);
  const same = (x: number): number => x;
  const [a, b] = [total(products.slice(0, -1), same), total(products.slice(-1), same)];
  const size = Math.max(1, total(products, Math.abs));
  expect(Math.abs(a - b), `⟨v, Jᵀu⟩ = ${a}, ⟨Jv, u⟩ = ${b}`).toBeLessThanOrEqual(tolerance * size);
}

/** vᵀ(Hw) = wᵀ(Hv) for the Hessian of Σ y². */
export function expectSymmetric(
  y: Expr,
  wrt: readonly Expr[],
  values: ReadonlyMap<Expr, Value>,
  tolerance: number,
): void {
  const scalar = sum(mul(y, y));
  const bound = new Map(values);
  const directions = (seed: number): Expr[] =>
    wrt.map((x, i) => {
      const made = parameter("direction", x.shape, x.dtype);
      bound.set(made, valueLike(x, seed + i));
      return made;
    });
  const [v, w] = [directions(23), directions(29)];
  const along = (towards: readonly Expr[]): Expr =>
    grad(scalar, wrt)
      .map((gradient, i) => sum(mul(gradient, towards[i] as Expr)))
      .reduce((a, b) => add(a, b));
  const mixed = (first: readonly Expr[], second: readonly Expr[]): readonly Expr[] =>
    grad(along(first), wrt).map((part, i) => mul(part, second[i] as Expr));
  const [left, right] = [mixed(v, w), mixed(w, v)].map((parts) =>
    evaluate(parts, bound).flatMap(elementsOf),
  ) as [number[], number[]];
  const total = (items: number[]): number => items.reduce((a, b) => a + b, 0);
  const size = Math.max(1, total(left.map(Math.abs)), total(right.map(Math.abs)));
  expect(
    Math.abs(total(left) - total(right)),
    `${total(left)} and ${total(right)}`,
  ).toBeLessThanOrEqual(tolerance * size);
}

/** The floating-point inputs of a point. */
export function floatingInputs(values: ReadonlyMap<Expr, Value>): Expr[] {
  return [...values.keys()].filter((node) => isFloat(node.dtype));
}
