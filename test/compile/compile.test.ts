import { compile } from "@chainrule/compile";
import {
  add,
  type Expr,
  evaluate,
  exp,
  grad,
  greater,
  log,
  matmul,
  mul,
  Program,
  parameter,
  pow,
  scalar,
  sigmoid,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  variable,
  where,
} from "@chainrule/core";
import { abstract } from "@chainrule/core/control";
import { describe, expect, it } from "vitest";

const a = scalar("a");
const b = scalar("b");
const c = scalar("c");
const x = scalar("x");

describe("compile", () => {
  it("says which functions have no body", () => {
    const u = abstract("u");
    expect(() => compile({ outputs: { y: u(variable("x")) } })).toThrow(
      "compile: every function must have a body, got none for u; give it with withFunctions",
    );
  });

  const L = mul(c, add(a, mul(2, b)));
  const [da, db, dc] = grad(L, [a, b, c]);

  it("runs value and gradient in one call", () => {
    const f = compile({ inputs: { a, b, c }, outputs: { L, da, db, dc } });
    expect(f({ a: 3, b: 1, c: -2 })).toEqual({ L: -10, da: -2, db: -4, dc: 5 });
    expect(f.explain().host).toBe(0);
    expect(f.wat()).toContain("f64.mul");
  });

  it("keeps inputs that are not given again, and runs on views without allocation", () => {
    const f = compile({ outputs: { y: mul(a, b) } });
    expect(f({ a: 3, b: 4 })).toEqual({ y: 12 });
    expect(f({ a: 5 })).toEqual({ y: 20 });
    f.view("b")[0] = 7;
    f.run();
    expect(f.view("y")[0]).toBe(35);
  });

  it("updates state in place: gradient descent reaches the minimum", () => {
    const w = parameter("w");
    const loss = square(sub(w, x));
    const step = new Program({
      definitions: { loss },
      updates: new Map([[w, sub(w, mul(0.25, grad(loss, w)))]]),
    });
    const f = compile(step);
    expect(f({ w: 0, x: 8 })).toEqual({ loss: 64 });
    expect(f()).toEqual({ loss: 16 });
    for (let i = 0; i < 60; i++) f.run();
    expect(f.view("w")[0]).toBeCloseTo(8, 12);
  });

  it("takes small tensors apart, with named sizes told", () => {
    const X = variable("X", ["batch", 2]);
    const W = variable("W", [2, 3]);
    const loss = sum(square(softmax(tanh(matmul(X, W))))) as Expr;
    const dW = grad(loss, W);
    const f = compile({ outputs: { loss, dW } }, { sizes: { batch: 2 } });
    const values = {
      X: [
        [0.1, 0.5],
        [-0.3, 0.2],
      ],
      W: [
        [0.1, 0.2, 0.3],
        [0.4, 0.5, 0.6],
      ],
    };
    const compiled = f(values);
    const expected = evaluate({ loss, dW }, values);
    expect(compiled["loss"]).toBeCloseTo(expected.loss as number, 14);
    const gradient = compiled["dW"] as Tensor;
    expect(gradient.shape).toEqual([2, 3]);
    (expected.dW as Tensor).data.forEach((value, i) => {
      expect(gradient.data[i]).toBeCloseTo(value, 14);
    });
  });

  it("cuts long programs into functions, and keeps values between them", () => {
    let y: Expr = x;
    for (let i = 0; i < 30_000; i++) y = add(mul(0.5, y), x);
    const f = compile({ outputs: { y } });
    expect(f.explain().functions).toBeGreaterThan(10);
    expect(f({ x: 1 })["y"]).toBe(evaluate(y, { x: 1 }));
  });

  it("takes forms of scalars that lose no digits, and cheaper ones", () => {
    const y = log(add(1, exp(x)));
    const f = compile({ outputs: { y, square: pow(x, 2) } });
    expect(f({ x: 1000 })).toEqual({ y: 1000, square: 1e6 });
    expect(f({ x: -40 })["y"]).toBeCloseTo(Math.exp(-40), 30);
    expect(f.wat()).not.toContain("pow");
  });

  it("does not meet what the branch not taken makes", () => {
    const y = where(greater(x, 0), log(x), x);
    const f = compile({ outputs: { y, slope: grad(y, x) } });
    expect(f({ x: 0 })).toEqual({ y: 0, slope: 1 });
  });

  it("says what can be compiled", () => {
    const must = "compile: what is compiled must be a program, or { outputs: { y } }";
    for (const wrong of [scalar("x"), undefined, "x^2", {}, { outputs: scalar("x") }]) {
      expect(() => compile(wrong as never)).toThrow(must);
    }
  });

  it("checks everything given before it runs, and state stays as it was", () => {
    const f = compile({ outputs: { y: mul(sigmoid(a), b) } });
    expect(() => f({ a: 1 })).toThrow(/got none for b/);
    expect(f({ a: 0, b: 2 })).toEqual({ y: 1 });
    expect(() => f({ b: 4, z: 1 })).toThrow(/values must belong to an input \(a, b\), got "z"/);
    expect(() => f({ b: [1, 2] })).toThrow(/b: shape must be \[\], got \[2\]/);
    expect(f()).toEqual({ y: 1 });
    expect(() => compile({ inputs: { a }, outputs: { y: mul(a, b) } })).toThrow(/got none for b/);
    const X = variable("X", ["n"]);
    expect(() => compile({ outputs: { y: sum(X) } }, { as: "scalars" })).toThrow(/size "n"/);
  });
});
