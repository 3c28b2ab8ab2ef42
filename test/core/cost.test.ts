import {
  add,
  constant,
  div,
  type Expr,
  grad,
  mul,
  neg,
  reciprocal,
  scalar,
  square,
  sub,
  topological,
} from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Nodes that compute: all but variables and numbers. */
function operations(outputs: readonly Expr[]): number {
  return topological(outputs).nodes.filter(({ args }) => args.length > 0).length;
}

const variables = ["a", "b", "c", "d"].map((name) => scalar(name));

const builders: readonly ((a: Expr, b: Expr) => Expr)[] = [
  add,
  sub,
  mul,
  div,
  (a) => neg(a),
  (a) => square(a),
  (a) => reciprocal(a),
  (a) => mul(constant(3), a),
  (a, b) => div(a, add(square(b), constant(1))),
];

/** A rational function: each step takes two of the nodes so far, the newest often. */
function rational(maxLength: number): fc.Arbitrary<Expr> {
  const number = fc.nat({ max: 0xffff });
  return fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength }).map((choices) => {
    const nodes: Expr[] = [...variables];
    for (const [kind, i, j] of choices) {
      const at = (pick: number): Expr => nodes[nodes.length - 1 - (pick % nodes.length)] as Expr;
      const build = builders[kind % builders.length] as (a: Expr, b: Expr) => Expr;
      nodes.push(build(at(i), at(j)));
    }
    return nodes.at(-1) as Expr;
  });
}

describe("the cost of a gradient", () => {
  it("with its function is at most 5 times that of the function, after sharing", () => {
    let worst = 0;
    let functions = 0;
    let both = 0;
    fc.assert(
      fc.property(rational(60), (y) => {
        const own = operations([y]);
        fc.pre(own > 0);
        const total = operations([y, ...grad(y, variables)]);
        functions += own;
        both += total;
        worst = Math.max(worst, total / own);
        expect(total).toBeLessThanOrEqual(5 * own);
      }),
      { numRuns: 500 },
    );
    console.log(
      `cost of f and ∇f over f, in operations: ${(both / functions).toFixed(2)} on average, ${worst.toFixed(2)} at most`,
    );
  });

  it.each([
    ["a product of n factors", (n: number) => chain(n, (total, x) => mul(total, x)), 4],
    ["a quotient of n divisors", (n: number) => chain(n, (total, x) => div(total, x)), 5],
    ["a sum of squares", (n: number) => chain(n, (total, x) => add(total, square(x))), 3],
  ])("%s, growing linearly", (_name, make, most) => {
    for (const n of [4, 64, 1024]) {
      const [y, xs] = make(n);
      expect(operations([y, ...grad(y, xs)]) / operations([y])).toBeLessThanOrEqual(most);
    }
  });
});

function chain(n: number, step: (total: Expr, x: Expr) => Expr): readonly [Expr, readonly Expr[]] {
  const xs = Array.from({ length: n }, (_, i) => scalar(`x_${i}`));
  return [xs.slice(1).reduce(step, xs[0] as Expr), xs];
}
