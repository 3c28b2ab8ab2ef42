import {
  abs,
  add,
  backprop,
  type Expr,
  evaluate,
  exp,
  grad,
  listPaths,
  mul,
  paths,
  scalar,
  sigmoid,
  square,
  tanh,
  topological,
  why,
} from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const x = scalar("x");
const y = scalar("y");

describe("paths", () => {
  it("finds both paths of b = a + a; c = b + b, four in all", () => {
    const b = add(x, x);
    const c = add(b, b);
    expect(paths(c, x).count).toBe(4n);
    expect([...paths(c, x)]).toHaveLength(4);
  });

  it("counts the edges of paths of different lengths", () => {
    const all = paths(mul(x, exp(square(x))), x);
    expect(all.length).toBe(1n + 3n);
    expect([...all].reduce((sum, { edges }) => sum + edges.length, 0)).toBe(4);
    expect(paths(exp(y), x).length).toBe(0n);
  });

  it("counts 2²⁰⁰ paths without walking them", () => {
    let at: Expr = x;
    for (let i = 0; i < 200; i++) at = add(at, at);
    expect(paths(at, x).count).toBe(2n ** 200n);
    expect(paths(at, x).length).toBe(200n * 2n ** 200n);
    expect(() => listPaths(at, x)).toThrow(/at most 1000 paths/);
  });

  it("walks lazily: the first path of very many comes at once", () => {
    let at: Expr = x;
    for (let i = 0; i < 200; i++) at = add(at, at);
    const [first] = paths(at, x);
    expect(first?.nodes).toHaveLength(201);
  });

  it("has no path to a node that does not matter, and the empty one to itself", () => {
    expect(paths(mul(x, x), y).count).toBe(0n);
    const [self] = paths(x, x);
    expect(evaluate(self?.product as Expr)).toBe(1);
  });

  it("the products of all paths add up to the derivative", () => {
    const unary = [tanh, sigmoid, exp, square];
    const step = fc.record({ op: fc.nat(5), left: fc.nat(), right: fc.nat() });
    const program = fc.array(step, { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(program, fc.double({ min: -1, max: 1, noNaN: true }), (steps, at) => {
        const nodes: Expr[] = [x];
        for (const { op, left, right } of steps) {
          const a = nodes[left % nodes.length] as Expr;
          const b = nodes[right % nodes.length] as Expr;
          if (op < unary.length) nodes.push((unary[op] as typeof tanh)(tanh(a)));
          else nodes.push(op === 4 ? add(a, b) : mul(a, b));
        }
        const out = nodes.at(-1) as Expr;
        const all = listPaths(out, x, 100_000);
        const products = all.map(({ product }) => product as Expr);
        const values = evaluate(products, { x: at }) as number[];
        const total = values.reduce((sum, value) => sum + value, 0);
        const derivative = evaluate(grad(out, x), { x: at }) as number;
        expect(total).toBeCloseTo(derivative, 9);
      }),
      { numRuns: 200 },
    );
  });
});

describe("why", () => {
  it("names the saturated factor of a small derivative", () => {
    const z = mul(30, x);
    const E = square(sigmoid(z));
    const trace = backprop(E, { x: 1 });
    const [path] = why(trace, x).paths;
    expect(path?.culprit?.effect).toBe("vanishes");
    expect(path?.culprit?.user.op.name).toBe("sigmoid");
    expect(why(trace, x).sentences[0]).toContain("saturated");
  });

  it("says a path of one step once", () => {
    const { sentences } = why(backprop(abs(x), { x: 0 }), x);
    expect(sentences).toEqual(["∂abs#1/∂x = 0: nothing flows (path with product 0 over 1 step)"]);
  });

  it("finds the heaviest paths in order, and their products add up to the derivative", () => {
    const out = add(mul(3, x), add(mul(10, x), mul(-5, x)));
    const found = why(backprop(out, { x: 1 }), x, { count: 5 });
    expect(found.paths.map(({ product }) => product)).toEqual([10, -5, 3]);
    expect(found.derivative).toBe(8);
  });

  it("puts a path with NaN first, and names what is not finite", () => {
    const out = add(mul(2, x), mul(exp(mul(1000, x)), 0));
    const found = why(backprop(out, { x: 1 }), x);
    expect(found.paths[0]?.culprit?.effect).toBe("nonfinite");
  });

  it("takes one sweep: a ladder of 2¹⁰⁰ paths is no more than its nodes", () => {
    let at: Expr = x;
    for (let i = 0; i < 100; i++) at = add(at, mul(0.5, at));
    const found = why(backprop(at, { x: 1 }), x, { count: 2 });
    expect(found.paths).toHaveLength(2);
    expect(found.paths[0]?.product).toBe(1);
    expect(topological([at]).nodes.length).toBeLessThan(300);
  });

  it("refuses a node outside the trace", () => {
    expect(() => why(backprop(square(x), { x: 1 }), y)).toThrow(/must be a node of the trace/);
  });
});
