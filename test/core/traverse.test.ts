import {
  add,
  type Expr,
  exp,
  leavesOf,
  mul,
  neg,
  type Order,
  scalar,
  substitute,
  topological,
} from "@chainrule/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomProgram } from "../support/randomProgram.ts";

const [a, b, c] = [scalar("a"), scalar("b"), scalar("c")];

/** Arguments stand before their users, and each node once. */
function expectOrdered(order: Order): void {
  const seen = new Set<Expr>();
  for (const node of order.nodes) {
    expect(node.args.every((arg) => seen.has(arg))).toBe(true);
    expect(seen.has(node)).toBe(false);
    seen.add(node);
  }
}

describe("topological", () => {
  it("puts arguments before users, outputs in the order given, shared nodes once", () => {
    const shared = mul(a, b);
    const y = add(shared, exp(shared));
    const order = topological([y, neg(c), shared]);
    expectOrdered(order);
    expect(order.nodes).toEqual([a, b, shared, exp(shared), y, c, neg(c)]);
    expect(topological([]).nodes).toEqual([]);
  });

  it("is the same however the graph was made", () => {
    fc.assert(
      fc.property(randomProgram({ size: 30 }), ({ output }) => {
        const order = topological([output]);
        expectOrdered(order);
        expect(topological([output]).nodes).toEqual(order.nodes);
        expect(order.nodes.at(-1)).toBe(output);
      }),
    );
  });

  it("still finds positions after another traversal has overwritten them", () => {
    const first = topological([add(a, b)]);
    const second = topological([mul(c, add(b, a)), add(a, b)]);
    expect(first.nodes.map((node) => first.indexOf(node))).toEqual([0, 1, 2]);
    expect(second.nodes.map((node) => second.indexOf(node))).toEqual(second.nodes.map((_, i) => i));
    expect(first.indexOf(c)).toBe(-1);
    expect(first.has(c)).toBe(false);
    expect(first.has(b)).toBe(true);
  });
});

describe("substitute", () => {
  it("replaces leaves and inner nodes, and leaves the rest as it is", () => {
    const y = add(mul(a, b), exp(a));
    const [swapped] = substitute([y], new Map([[a, c]]));
    expect(swapped).toBe(add(mul(c, b), exp(c)));
    const [inner] = substitute([y], new Map([[mul(a, b), c]]));
    expect(inner).toBe(add(c, exp(a)));
    const [same] = substitute([y], new Map());
    expect(same).toBe(y);
  });

  it("replaces all at once: a swap is no chain", () => {
    const [swapped] = substitute(
      [add(a, mul(2, b))],
      new Map([
        [a, b],
        [b, a],
      ]),
    );
    expect(swapped).toBe(add(b, mul(2, a)));
  });
});

describe("leavesOf", () => {
  it("lists leaves in the order of their first use", () => {
    expect(leavesOf([add(mul(b, a), exp(b)), c])).toEqual([b, a, c]);
  });
});

describe("a chain of a million nodes", () => {
  it("is ordered, searched and rewritten with the default stack", () => {
    const count = 1_000_000;
    let y: Expr = a;
    for (let i = 0; i < count; i++) y = neg(y);
    const order = topological([y]);
    expect(order.nodes).toHaveLength(count + 1);
    expect(order.indexOf(y)).toBe(count);
    expect(leavesOf([y])).toEqual([a]);
    const [moved] = substitute([y], new Map([[a, b]])) as [Expr];
    expect(topological([moved]).nodes).toHaveLength(count + 1);
    expect(leavesOf([moved])).toEqual([b]);
  }, 60_000);
});
