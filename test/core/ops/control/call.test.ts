import {
  ArgumentError,
  backprop,
  constant,
  EvaluationError,
  type Expr,
  evaluate,
  grad,
  jvp,
  Lambda,
  leavesOf,
  matmul,
  scalar,
  scalarize,
  sum,
  topological,
  toText,
  variable,
} from "@chainrule/core";
import {
  abstract,
  call,
  checkpoint,
  func,
  scan,
  stopGradient,
  withFunctions,
} from "@chainrule/core/control";
import { describe, expect, it } from "vitest";
import { expectDerivatives, spread } from "../../../support/differences.ts";

const x = scalar("x");
const y = scalar("y");
const w = scalar("w");

const calls = (outputs: readonly Expr[]): readonly string[] =>
  topological(outputs)
    .nodes.filter(({ op }) => op.name === "call" || op.name === "callItems")
    .map(({ attributes }) => attributes["name"] as string);

describe("func", () => {
  const f = func("f", (t) => t.square().mul(t.sin()));

  it("is a node with a name and a body", () => {
    const z = f(x.mul(3));
    expect(toText(z)).toBe("f(x * 3)");
    expect(evaluate(f(x), { x: 2 })).toBeCloseTo(4 * Math.sin(2), 15);
    expect(f(x)).toBe(f(x));
    expect(f(x)).toBe(func("f", (u) => u.square().mul(u.sin()))(x));
  });

  it("has derivatives that are functions like itself", () => {
    const first = grad(f(x), x);
    expect(toText(first)).toBe("f'(x)");
    expect(toText(grad(first, x))).toBe("f''(x)");
    expectDerivatives(f(f(x)).mul(y), { x: 0.7, y: 2 }, { order: 3 });
    expect(grad(f(x), x)).toBe(grad(f(x), x));
  });

  it("writes the chain rule", () => {
    const g = func("g", (t) => t.exp().sub(t));
    expect(calls([grad(f(g(x)), x)])).toEqual(["g", "f'", "g'"]);
  });

  it("shares one call of the gradient among several arguments", () => {
    const h = func("h", (a, b) => a.mul(b).sin().add(b));
    const [dx, dy] = grad(h(x, y), [x, y]);
    expect(calls([dx, dy])).toEqual(["∇h"]);
    expect(calls([grad(h(x, y), y)])).toEqual(["∂₂h"]);
    expectDerivatives(h(x, h(y, x)), { x: 0.3, y: 0.9 }, { order: 3 });
  });

  it("takes variables from outside as further arguments", () => {
    const scaled = func("s", (t) => t.mul(w).sin());
    const z = scaled(x);
    expect(z.args).toEqual([x, w]);
    expectDerivatives(z, { x: 0.4, w: 1.5 }, { order: 3 });
  });

  it("has a derivative that is a number where the body is linear", () => {
    const double = func("double", (t) => t.mul(2));
    expect(grad(double(x), x)).toBe(constant(2));
  });

  it("takes tensors and gives several results", () => {
    const m = variable("m", [2, 2]);
    const v = variable("v", [2]);
    const both = func("both", (a, b) => [matmul(a, b).sin(), sum(a)]);
    const [product, total] = both(m, v) as [Expr, Expr];
    expectDerivatives(product.mul(total), { m: spread([2, 2]), v: spread([2], 5) }, { order: 3 });
    const one = func("one", (a, b) => matmul(a, b).sin());
    expectDerivatives(one(m, one(m, v)), { m: spread([2, 2]), v: spread([2], 5) }, { order: 3 });
    expect(calls([grad(sum(one(m, v)), m)])).toEqual(["vjp(one)"]);
  });

  it("refuses to call itself", () => {
    const loop: (...args: readonly Expr[]) => Expr = func("loop", (t) => loop(t));
    expect(() => loop(x)).toThrow(
      new ArgumentError("func: a function must not call itself, got a call of loop in loop"),
    );
    expect(() => loop(x)).toThrow(ArgumentError);
  });

  it("appears in a trace with its local partial", () => {
    const trace = backprop(f(x).mul(3), { x: 0.5 });
    const [contribution] = trace.at(x)?.contributions ?? [];
    expect(toText(contribution?.partial?.raw as Expr)).toBe("f'(x)");
    expect(contribution?.partial?.value).toBeCloseTo(
      2 * 0.5 * Math.sin(0.5) + 0.25 * Math.cos(0.5),
      14,
    );
  });

  it("scalarizes", () => {
    const v = variable("v", [2]);
    const norm = func("norm", (a) => sum(a.square()));
    const items = scalarize([norm(v)]).outputs[0]?.items ?? [];
    expect(evaluate(items, { v_1: 3, v_2: 4 })).toEqual([25]);
  });
});

describe("call", () => {
  it("takes a function or a sub-graph", () => {
    const traced = call((a, b) => a.mul(b).add(a), [x, y], "p");
    const { body } = traced.attributes;
    expect(body).toBeInstanceOf(Lambda);
    expect(call(body as Lambda, [x, y], "p")).toBe(traced);
    expect(call(body as Lambda, [y, x], "p")).not.toBe(traced);
    expect(evaluate(traced, { x: 3, y: 4 })).toBe(15);
  });

  it("says what does not fit", () => {
    const { body } = call((a) => a.exp(), [x]).attributes;
    expect(() => call(body as Lambda, [x, y])).toThrow("f: 1 arguments must be given, got 2");
    expect(() => call(body as Lambda, [variable("v", [2])])).toThrow(
      "f: argument 0 must be f64[], got f64[2]",
    );
    expect(() => call((() => undefined) as never, [x])).toThrow(
      "call: the function must give expressions, got undefined",
    );
    expect(() => call(5 as never, [x])).toThrow("call: the function must be a function, got 5");
  });
});

describe("abstract", () => {
  const u = abstract("u");
  const v = abstract("v");

  it("differentiates to any order without a body", () => {
    const chain = u(v(x));
    expect(toText(chain)).toBe("u(v(x))");
    const first = grad(chain, x);
    expect(calls([first])).toEqual([]);
    expect(toText(first)).toBe("u'(v(x)) v'(x)");
    const second = grad(first, x);
    const names = topological([second])
      .nodes.filter(({ op }) => op.name === "abstract")
      .map(({ attributes }) => attributes["name"]);
    expect(new Set(names)).toEqual(new Set(["v", "v'", "v''", "u'", "u''"]));
  });

  it("has mixed partials that do not depend on the order", () => {
    const z = u(x, y);
    expect(grad(grad(z, x), y)).toBe(grad(grad(z, y), x));
    expect(toText(grad(z, y))).toContain("∂₂u");
  });

  it("has values once it has a body, derivatives included, in loops too", () => {
    expect(() => evaluate(u(x), { x: 1 })).toThrow(
      new EvaluationError(
        "evaluate: every function must have a body, got none for u; give it with withFunctions(…, { u: (x) => … })",
      ),
    );
    const chain = u(v(x));
    const outputs = [chain, grad(chain, x), grad(grad(chain, x), x)] as const;
    const filled = withFunctions(outputs, { u: (t) => t.sin(), v: (t) => t.square() });
    const [value, slope, bend] = evaluate(filled, { x: 0.7 });
    expect(value).toBeCloseTo(Math.sin(0.49), 15);
    expect(slope).toBeCloseTo(1.4 * Math.cos(0.49), 14);
    expect(bend).toBeCloseTo(2 * Math.cos(0.49) - 1.96 * Math.sin(0.49), 14);
    const [last] = scan((c) => [u(c as never), undefined], x, undefined, { length: 3 });
    const [run, by] = withFunctions([last, grad(last, x)], { u: (t) => t.mul(t) });
    expect(evaluate([run, by], { x: 1.1 })[0]).toBeCloseTo(1.1 ** 8, 13);
    expect(evaluate([run, by], { x: 1.1 })[1]).toBeCloseTo(8 * 1.1 ** 7, 12);
  });

  it("keeps functions without a body, and says what a body must be", () => {
    expect(withFunctions([u(x)], {})[0]).toBe(u(x));
    expect(() => withFunctions([u(x)], { u: (t) => t.mul(w) })).toThrow(
      "withFunctions: u: the body must take what it uses as arguments, got w from outside",
    );
    expect(() => u(variable("m", [2]) as never)).toThrow(
      "u: a function without a body takes scalars, got f64[2]",
    );
  });
});

describe("stopGradient", () => {
  it("is the value, without a derivative", () => {
    expect(evaluate(grad(x.mul(stopGradient(x)), x), { x: 3 })).toBe(3);
    expect(evaluate(grad(stopGradient(x), x), {}, { extra: "allow" })).toBe(0);
    expect(evaluate(jvp(stopGradient(x).mul(x), [x], [constant(1)]), { x: 3 })).toBe(3);
  });
});

describe("checkpoint", () => {
  it("has the values and derivatives of the function", () => {
    const m = variable("m", [3, 3]);
    const layer = checkpoint((h) => matmul(m, h).sin().exp());
    const h = variable("h", [3]);
    expectDerivatives(layer(layer(h)), { m: spread([3, 3]), h: spread([3], 4) });
  });

  it("lets reverse mode read nothing from inside", () => {
    const f = checkpoint((t) => t.sin().exp());
    const value = f(x);
    const outside = topological([value, grad(value, x)]).nodes.map(({ op }) => op.name);
    expect(outside).not.toContain("sin");
    expect(leavesOf([grad(value, x)])).toEqual([x]);
  });
});
