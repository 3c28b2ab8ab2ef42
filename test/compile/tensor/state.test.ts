import { compile } from "@chainrule/compile";
import {
  add,
  type Expr,
  evaluate,
  exp,
  grad,
  iota,
  matmul,
  mul,
  Program,
  square,
  sub,
  sum,
  Tensor,
  tanh,
  transpose,
  type Value,
  variable,
} from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { valueLike } from "../../support/points.ts";
import { difference } from "./close.ts";

/** Runs a program some times by the interpreter, and compiled; compares outputs and states after each. */
function agree(
  outputs: Record<string, Expr>,
  updates: ReadonlyMap<Expr, Expr>,
  inputs: Record<string, Expr>,
): string {
  const f = compile({ inputs, outputs, updates }, { as: "tensors" });
  const values: Record<string, Value> = Object.fromEntries(
    Object.entries(inputs).map(([name, input], i) => [name, valueLike(input, i + 1) as Value]),
  );
  for (let run = 0; run < 3; run++) {
    const next = [...updates].map(([, expr]) => expr);
    const names = [...updates.keys()].map(
      (state) => Object.entries(inputs).find(([, input]) => input === state)?.[0] as string,
    );
    const expected = evaluate(outputs, values) as Record<string, Value>;
    const replaced = evaluate(next, values) as Value[];
    const got = f(run === 0 ? values : {});
    names.forEach((name, i) => {
      values[name] = replaced[i] as Value;
    });
    for (const [name, value] of Object.entries(expected)) {
      expect(difference(got[name] as Value, value, 1e-12), `${name}, run ${run}`).toBeUndefined();
    }
    for (const name of names) {
      const own = f.get(name);
      expect(difference(own, values[name] as Value, 1e-12), `${name}, run ${run}`).toBeUndefined();
    }
  }
  return f.explain().text;
}

const a = variable("a", [2, 3]);
const b = variable("b", [2, 3]);
const w = variable("w", [3, 3]);

describe("state", () => {
  it("is replaced in place where nobody needs the old content", () => {
    const text = agree({ s: sum(a) }, new Map([[a, add(mul(a, 0.5), b)]]), { a, b });
    expect(text).not.toMatch(/^copy/m);
  });

  it("swaps", () => {
    agree(
      {},
      new Map([
        [a, b],
        [b, a],
      ]),
      { a, b },
    );
    agree(
      { s: sum(mul(a, b)) },
      new Map([
        [a, add(b, 1)],
        [b, mul(a, 2)],
      ]),
      { a, b },
    );
  });

  it("keeps the old content for those who need it", () => {
    const next = add(w, matmul(w, w));
    agree({ w, next, turned: transpose(w), s: sum(exp(next), 0) }, new Map([[w, next]]), { w });
    agree({ later: matmul(add(w, 1), w) }, new Map([[w, mul(w, 2)]]), { w });
    agree({}, new Map([[w, add(w, transpose(w))]]), { w });
    agree(
      {},
      new Map([
        [w, transpose(w)],
        [a, matmul(a, w)],
      ]),
      { w, a },
    );
  });

  it("of an optimizer with moments", () => {
    const loss = sum(square(sub(tanh(matmul(a, w)), b)));
    const [g] = grad(loss, [w]) as [Expr];
    const m = variable("m", [3, 3]);
    const v = variable("v", [3, 3]);
    const t = variable("t");
    const m1 = add(mul(0.9, m), mul(0.1, g));
    const v1 = add(mul(0.99, v), mul(0.01, square(g)));
    const updates = new Map<Expr, Expr>([
      [w, sub(w, mul(0.1, m1.div(add(v1.sqrt(), 1e-8))))],
      [m, m1],
      [v, v1],
      [t, add(t, 1)],
    ]);
    const text = agree({ loss }, updates, { a, b, w, m, v, t });
    expect(text).not.toMatch(/^copy/m);
  });

  it("survives a change of a named size", () => {
    const x = variable("x", ["n"]);
    const total = variable("total");
    const f = compile(
      new Program({
        definitions: { ramp: add(x, iota("n", "f64")) },
        updates: new Map([[total, add(total, sum(x))]]),
        variables: { x, total },
      }),
    );
    expect(f({ total: 10, x: [1, 2] })["ramp"]).toEqual(new Tensor([2], Float64Array.of(1, 3)));
    expect(f.get("total")).toBe(13);
    expect(f({ x: [1, 1, 1, 1] })["ramp"]).toEqual(new Tensor([4], Float64Array.of(1, 2, 3, 4)));
    expect(f.get("total")).toBe(17);
    expect(() => f({ total: 1, x: [[1]] })).toThrow(/x: shape must be \[n\]/);
    expect(f.get("total")).toBe(17);
  });
});
