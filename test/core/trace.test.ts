import {
  add,
  backprop,
  div,
  evaluate,
  grad,
  greater,
  log,
  mul,
  Program,
  parameter,
  scalar,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
  variable,
  where,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";

const a = scalar("a");
const b = scalar("b");
const c = scalar("c");
const x = scalar("x");

describe("backprop", () => {
  const d = mul(2, b);
  const e = add(a, d);
  const L = mul(c, e);
  const program = new Program({ definitions: { d, e, L } });
  const trace = backprop(program, { a: 3, b: 1, c: -2 });

  it("gives the lecture's values and adjoints of L = c(a + 2b)", () => {
    const rows = trace.nodes
      .filter(({ name }) => name !== undefined)
      .map(({ name, value, adjoint }) => [name, value, adjoint]);
    expect(Object.fromEntries(rows.map(([name, ...rest]) => [name, rest]))).toEqual({
      a: [3, -2],
      b: [1, -4],
      c: [-2, 5],
      d: [2, -2],
      e: [5, -2],
      L: [-10, 1],
    });
  });

  it("names every local partial of the lecture, and its product with the upstream adjoint", () => {
    const [intoE] = trace.at(e)?.contributions ?? [];
    expect(intoE?.user).toBe(L);
    expect(intoE?.partial?.shown).toBe(c);
    expect(intoE?.upstream).toBe(1);
    expect(intoE?.value).toBe(-2);
    const [intoB] = trace.at(b)?.contributions ?? [];
    expect(intoB?.partial?.value).toBe(2);
    expect(intoB?.value).toBe(-4);
  });

  it("says that no path leads from a constant or an unused variable", () => {
    const two = trace.nodes.find(({ value, name }) => value === 2 && name === undefined);
    expect(two?.adjoint).toBeUndefined();
    const unused = backprop(L, { a: 3, b: 1, c: -2 }, { wrt: [a] });
    expect(unused.gradients.map(({ value }) => value)).toEqual([-2]);
    expect(unused.at(c)?.adjoint).toBeUndefined();
  });

  it("keeps the raw form of a partial beside the one that is computed", () => {
    const E = mul(div(1, 2), square(sub(scalar("t"), x)));
    const inner = backprop(E, { t: 1, x: 3 });
    const [step] = inner.at(x)?.contributions ?? [];
    expect(step?.partial?.value).toBe(-1);
    expect(inner.at(x)?.adjoint).toBe(2);
  });

  it("shows σ(1 − σ) and computes σ(x)σ(−x), which keeps both tails", () => {
    const s = sigmoid(x);
    const [step] = backprop(s, { x: 50 }).at(x)?.contributions ?? [];
    expect(step?.partial?.shown).toBe(mul(s, sub(1, s)));
    expect(step?.partial?.value).toBeCloseTo(1.9287498479639178e-22, 30);
  });

  it("sums the contributions of all users, and agrees with grad", () => {
    const y = add(mul(x, x), sigmoid(x));
    const traced = backprop(y, { x: 0.7 });
    const entry = traced.at(x);
    expect(entry?.contributions).toHaveLength(3);
    const total = entry?.contributions.reduce((s, { value }) => s + (value as number), 0);
    expect(total).toBeCloseTo(evaluate(grad(y, x), { x: 0.7 }), 15);
  });

  it("never meets the infinity of a branch not taken", () => {
    const y = where(greater(x, 0), log(x), x);
    expect(backprop(y, { x: 0 }).at(x)?.adjoint).toBe(1);
  });

  it("traces tensors, whose contributions have the shape of the node", () => {
    const W = variable("W", ["n", 2]);
    const y = sum(square(W));
    const entry = backprop(y, {
      W: [
        [1, 2],
        [3, 4],
      ],
    }).at(W);
    const adjoint = entry?.adjoint;
    expect(adjoint).toMatchObject({ shape: [2, 2] });
    expect((adjoint as Tensor).toArray()).toEqual([
      [2, 4],
      [6, 8],
    ]);
  });

  it("refuses missing and unknown values and outputs that are no scalar", () => {
    expect(() => backprop(L, { a: 3 })).toThrow(/every input must have a value, got none for/);
    expect(() => backprop(L, { a: 3, B: 1, c: 0 })).toThrow(
      /none for b; no input bears the name B/,
    );
    const all = { a: 3, b: 1, c: 0, z: 1 };
    expect(() => backprop(L, all, { extra: "refuse" })).toThrow(/got "z"/);
    expect(() => backprop(variable("v", [2]), { v: [1, 2] })).toThrow(/floating-point scalar/);
  });
});

describe("Program", () => {
  it("finds its inputs, and takes the last definition for the result", () => {
    const y = mul(a, b);
    const program = new Program({ definitions: { y, L: add(y, c) } });
    expect(Object.keys(program.variables)).toEqual(["a", "b", "c"]);
    expect(program.result).toBe(add(y, c));
    expect(program.nameOf(y)).toBe("y");
  });

  it("refuses two inputs of one name, no definition, and an update that does not fit", () => {
    const p = parameter("w");
    const q = parameter("w");
    expect(() => new Program({ definitions: { y: add(p, q) } })).toThrow(/got "w" for two/);
    expect(() => new Program({ definitions: {} })).toThrow(/there must be a definition/);
    const wrong = new Map([[p, variable("v", [3])]]);
    expect(() => new Program({ definitions: { y: p }, updates: wrong })).toThrow(
      /an update must have/,
    );
  });
});
