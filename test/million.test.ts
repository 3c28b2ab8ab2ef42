import {
  add,
  type Expr,
  evaluate,
  grad,
  mul,
  scalar,
  sigmoid,
  topological,
  toText,
} from "@chainrule/core";
import { fromJSON, toJSON } from "@chainrule/core/json";
import { toDot } from "@chainrule/render";
import { describe, expect, it } from "vitest";

const COUNT = 1_000_000;

/** `x ← 0.5 x + x…`: a chain of a million nodes over one variable. */
function chain(length: number, x: Expr): Expr {
  let at: Expr = x;
  for (let i = 0; i < length / 2; i++) at = add(mul(0.5, at), x);
  return at;
}

/** A balanced sum of terms. */
function balanced(terms: Expr[]): Expr {
  let level = terms;
  while (level.length > 1) {
    const next: Expr[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const right = level[i + 1];
      next.push(right === undefined ? (level[i] as Expr) : add(level[i] as Expr, right));
    }
    level = next;
  }
  return level[0] as Expr;
}

describe("graphs of a million nodes, with the default stack", () => {
  it("a chain builds, differentiates, evaluates and prints", () => {
    const x = scalar("x_chain");
    const y = chain(COUNT, x);
    expect(topological([y]).nodes.length).toBeGreaterThan(COUNT);
    const derivative = grad(y, x);
    // 0.5 x + x repeated tends to 2 x.
    expect(evaluate(y, { x_chain: 1 })).toBeCloseTo(2, 12);
    expect(evaluate(derivative, { x_chain: 1 })).toBeCloseTo(2, 12);
    expect(toText(y).length).toBeGreaterThan(COUNT);
  }, 120_000);

  it("a chain of functions prints as DOT", () => {
    const x = scalar("x_dot");
    let y: Expr = x;
    for (let i = 0; i < COUNT; i++) y = sigmoid(y);
    const dot = toDot(y);
    expect(dot.endsWith("}\n")).toBe(true);
    expect(dot.split("\n").length).toBeGreaterThan(2 * COUNT);
  }, 120_000);

  it("a balanced sum builds and differentiates", () => {
    const x = scalar("x_sum");
    const terms = Array.from({ length: COUNT / 2 }, (_, i) => mul(i + 1, x));
    const y = balanced(terms);
    expect(evaluate(grad(y, x), { x_sum: 1 })).toBe(((COUNT / 2) * (COUNT / 2 + 1)) / 2);
  }, 120_000);

  it("a chain serialises and is read back as the same node", () => {
    const x = scalar("x_json");
    const y = chain(COUNT, x);
    const text = JSON.stringify(toJSON(y));
    expect(fromJSON(text, { single: true })).toBe(y);
  }, 120_000);

  it("shared nodes are printed once: b = a + a; c = b + b", () => {
    const a = scalar("a");
    const b = add(a, a);
    const c = add(b, b);
    const dot = toDot(c);
    expect(dot.match(/label=</g)).toHaveLength(3);
    expect(evaluate(grad(c, a))).toBe(4);
  });

  it("graphs nobody holds are reclaimed", async () => {
    const collect = (globalThis as { gc?: () => void }).gc;
    expect(collect, "this test runs with --expose-gc").toBeDefined();
    const refs = makeGarbage();
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      collect?.();
    }
    expect(refs.filter((ref) => ref.deref() !== undefined)).toHaveLength(0);
  }, 120_000);
});

function makeGarbage(): WeakRef<Expr>[] {
  const x = scalar("x_garbage");
  const y = chain(100_000, x);
  return [x, y, grad(y, x)].map((node) => new WeakRef(node));
}
