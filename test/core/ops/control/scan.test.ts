import {
  constant,
  DTypeError,
  type Expr,
  evaluate,
  grad,
  jvp,
  matmul,
  pick,
  type Scalar,
  ShapeError,
  scalar,
  scalarize,
  stack,
  sum,
  type Tensor,
  topological,
  variable,
  where,
} from "@chainrule/core";
import { scan } from "@chainrule/core/control";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectDerivatives, spread, tensor } from "../../../support/differences.ts";

const w = scalar("w");
const start = scalar("start");
const x = variable("x", [5]);

/** `c ← sin(w c + x_t)`, with outputs `c x_t`. */
function step(c: Expr, u: Expr): readonly [Expr, Expr] {
  const next = w.mul(c).add(u).sin();
  return [next, next.mul(u)];
}

function unrolled(length: number, xs: Expr, reverse = false): readonly [Expr, Expr] {
  let carry: Expr = start;
  const rows: Expr[] = [];
  for (let i = 0; i < length; i++) {
    const t = reverse ? length - 1 - i : i;
    const [next, row] = step(carry, pick(xs, 0, t));
    carry = next;
    rows[t] = row;
  }
  return [carry, stack(rows)];
}

const point = { w: 0.7, start: 0.3, x: spread([5]) };

describe("scan", () => {
  it("carries and stacks", () => {
    const [total, sums] = scan((c, u) => [c.add(u), c.add(u)], 0, x);
    expect(evaluate(total, { x: [1, 2, 3, 4, 5] })).toBe(15);
    expect((evaluate(sums, { x: [1, 2, 3, 4, 5] }) as Tensor).toArray()).toEqual([1, 3, 6, 10, 15]);
  });

  it("runs backward, and without xs for a number of steps", () => {
    const [, sums] = scan((c, u) => [c.add(u), c.add(u)], 0, x, { reverse: true });
    expect((evaluate(sums, { x: [1, 2, 3, 4, 5] }) as Tensor).toArray()).toEqual([
      15, 14, 12, 9, 5,
    ]);
    const [power, nothing] = scan((c) => [c.mul(w), undefined], 1, undefined, { length: 7 });
    expect(evaluate(power, { w: 2 })).toBe(128);
    expect(nothing).toBeUndefined();
  });

  it("carries lists, integers, and tensors beside what it takes from outside", () => {
    const a = variable("a", [2, 2]);
    const [[state, count], [states, counts]] = scan(
      ([s, k]) => [
        [matmul(a, s), k.add(1)],
        [s, k],
      ],
      [variable("s", [2]), constant(0, "i32")],
      undefined,
      { length: 3 },
    );
    const given = { a: tensor([2, 2], [1, 1, 1, 0]), s: tensor([2], [1, 0]) };
    expect((evaluate(state, given) as Tensor).toArray()).toEqual([3, 2]);
    expect(evaluate(count, given, { extra: "allow" })).toBe(3);
    expect((evaluate(states, given) as Tensor).toArray()).toEqual([
      [1, 0],
      [1, 1],
      [2, 1],
    ]);
    expect((evaluate(counts, given, { extra: "allow" }) as Tensor).dtype).toBe("i32");
    expectDerivatives(sum(state.mul(state)), given, { order: 2 });
  });

  it("takes a named length", () => {
    const xs = variable("xs", ["n"]);
    const [total] = scan((c, u) => [c.add(u.square()), undefined], 0, xs);
    expect(evaluate(total, { xs: [1, 2] })).toBe(5);
    expect(evaluate(total, { xs: [1, 2, 3] })).toBe(14);
    expect(evaluate(total, { xs: [] })).toBe(0);
    expect((evaluate(grad(total, xs), { xs: [1, 2, 3] }) as Tensor).toArray()).toEqual([2, 4, 6]);
  });

  it("differentiates to third order", () => {
    const [last, rows] = scan(step, start, x);
    expectDerivatives(last.add(sum(rows.square())), point, { order: 3 });
  });

  it("equals its unrolled form, values and first and second derivatives", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.boolean(), (length, reverse) => {
        if (length === 0) return;
        const xs = variable("xs", [length]);
        const given = { w: 0.7, start: 0.3, xs: spread([length], 3) };
        const results = [scan(step, start, xs, { reverse }), unrolled(length, xs, reverse)].map(
          ([last, rows]) => {
            const y = last.square().add(sum(rows));
            const [dw, dxs] = grad(y, [w, xs]);
            const second = grad(dw, [w, start]);
            return evaluate([y, dw, sum(dxs.mul(dxs)), ...second], given) as number[];
          },
        );
        const [rolled, flat] = results as [number[], number[]];
        for (const [i, value] of rolled.entries()) expect(value).toBeCloseTo(flat[i] as number, 11);
      }),
      { numRuns: 20 },
    );
  });

  it("knows what is disconnected: carries that nothing reaches have no adjoint", () => {
    const [[a, b]] = scan(([p, q]) => [[p.mul(w), q.add(1)], undefined], [start, 0], undefined, {
      length: 4,
    });
    const [da] = grad(a, [start]);
    expect(evaluate(da, { w: 2 })).toBe(16);
    expect(evaluate(grad(b, w))).toBe(0);
    const names = topological([grad(a, start)]).nodes.map(({ op }) => op.name);
    expect(names.filter((name) => name === "scan")).toHaveLength(1);
  });

  it("computes the states once: forward and reverse share one loop", () => {
    const [last] = scan(step, start, x);
    const dw = grad(last, w);
    const loops = topological([last, dw]).nodes.filter(({ op }) => op.name === "scan");
    expect(loops).toHaveLength(2);
    const direction = scalar("direction");
    const along = jvp(dw, [w], [direction]);
    const all = topological([last, dw, along]).nodes.filter(({ op }) => op.name === "scan");
    expect(all).toHaveLength(4);
  });

  it("is one node for equal bodies, whatever the arguments are called", () => {
    const one = scan((c, u) => [c.mul(u).add(w), undefined], start, x)[0];
    const two = scan((state, input) => [state.mul(input).add(w), undefined], start, x)[0];
    expect(one).toBe(two);
    expect(grad(one, w)).toBe(grad(two, w));
  });

  it("computes once what does not change from step to step", () => {
    const heavy = w.sin().exp();
    const [last] = scan((c, u) => [c.mul(heavy).add(u).mul(w.cos()), undefined], start, x);
    const node = topological([last]).nodes.find(({ op }) => op.name === "scan") as Expr;
    expect(node.args).toContain(heavy);
    expect(node.args).toContain(w.cos());
    expect(node.args).not.toContain(w);
  });

  it("nests, and an inner loop may use what the outer one carries", () => {
    const rows = variable("rows", [3, 4]);
    const [total] = scan(
      (c, row) => {
        const [inner] = scan((p, u) => [p.add(u.mul(c).sin()), undefined], 0, row);
        return [inner.mul(w), undefined];
      },
      start,
      rows,
    );
    const given = { w: 0.9, start: 0.4, rows: spread([3, 4]) };
    expectDerivatives(total, given, { order: 2 });
    const row = (i: number) => pick(rows, 0, i);
    let flat: Expr = start;
    for (let i = 0; i < 3; i++) {
      let inner: Expr = constant(0);
      for (let j = 0; j < 4; j++) inner = inner.add(pick(row(i), 0, j).mul(flat).sin());
      flat = inner.mul(w);
    }
    expect(evaluate(total, given)).toBeCloseTo(evaluate(flat, given) as number, 13);
  });

  it("keeps selection outside: no NaN from a branch not taken", () => {
    const on = variable("on", [5], "bool");
    const [safe] = scan(
      ([c], [u, taken]) => [[c.add(where(taken, u.sqrt(), u))], undefined],
      [constant(0)],
      [x, on],
    );
    const gradient = evaluate(
      grad(safe[0], x),
      { x: [0, 1, 0, 4, 0], on: [0, 1, 0, 1, 0] },
      {
        extra: "allow",
      },
    );
    expect((gradient as Tensor).toArray()).toEqual([1, 0.5, 1, 0.25, 1]);
  });

  it("gives the same with checkpoints, for every length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.boolean(), (length, reverse) => {
        const xs = variable("xs", [length]);
        const given = { w: 0.7, start: 0.3, xs: spread([length], 3) };
        const run = (options: { checkpoint?: "sqrt" }): number[] => {
          const [last, rows] = scan(step, start, xs, { reverse, ...options });
          const y = last.square().add(sum(rows.mul(rows)));
          const [dw, ds, dxs] = grad(y, [w, start, xs]);
          return evaluate([y, dw, ds, sum(dxs.mul(xs.exp()))], given) as number[];
        };
        const plain = run({});
        for (const [i, value] of run({ checkpoint: "sqrt" }).entries()) {
          expect(value).toBeCloseTo(plain[i] as number, 11);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("keeps about 2√n states with checkpoints", () => {
    const xs = variable("xs", [10_000]);
    const [last] = scan(step, start, xs, { checkpoint: "sqrt" });
    const histories = topological([grad(last, w)])
      .nodes.filter(({ op, args }) => op.name === "item" && args[0]?.op.name === "scan")
      .map(({ shape }) => shape)
      .filter((shape) => shape.length === 1);
    for (const [length] of histories) expect(length).toBeLessThanOrEqual(100);
  });

  it("runs 100,000 steps, forward and in reverse", () => {
    const length = 100_000;
    const [last] = scan((c) => [c.mul(0.9999).add(w), undefined], start, undefined, { length });
    const [dw, ds] = evaluate(grad(last, [w, start]), { w: 1, start: 0 }, { extra: "allow" });
    const factor = 0.9999 ** length;
    expect(ds).toBeCloseTo(factor, 12);
    expect(dw).toBeCloseTo((1 - factor) / (1 - 0.9999), 6);
  });

  it("scalarizes, values and gradients", () => {
    const [last, rows] = scan(step, start, variable("x", [3]));
    const scalars = scalarize([last, rows]);
    const given = { w: 0.7, start: 0.3, x_1: 0.1, x_2: 0.2, x_3: 0.3 };
    const [one, three] = scalars.outputs;
    expect(one?.items).toHaveLength(1);
    expect(three?.items).toHaveLength(3);
    const value = evaluate(one?.items[0] as Scalar, given);
    expect(value).toBe(evaluate(last, { w: 0.7, start: 0.3, x: [0.1, 0.2, 0.3] }));
  });

  it("says which carry changes its type, and what lengths must agree", () => {
    expect(() => scan((c) => [stack([c, c]), undefined], start, undefined, { length: 2 })).toThrow(
      "scan: the carry must keep its shape [], got [2]",
    );
    expect(() =>
      scan(([a, b]) => [[a, b.mul(w)], undefined], [start, constant(0, "i32")], x),
    ).toThrow(new DTypeError("scan: carry 1 must keep its type i32, got f64; cast it"));
    expect(() =>
      scan((c, [a, b]) => [c.add(a).add(b), undefined], 0, [x, variable("y", [4])]),
    ).toThrow(new ShapeError("scan: every xs must have a first axis of 5, got [4]"));
    expect(() => scan((c) => [c, undefined], 0, undefined, {})).toThrow(
      "scan: a length must be given where there are no xs, got none",
    );
    expect(() => scan((c) => c as never, 0, x)).toThrow(
      "scan: the step must give a pair [carry, output], got a Expr",
    );
    expect(() => scan(([a]) => [[a, a], undefined], [start], x)).toThrow(
      "scan: the function must give a list of 1 carries, got an array of 2",
    );
    expect(() =>
      scan((c, u) => [c.add(u), undefined], 0, variable("v", ["n"]), { checkpoint: "sqrt" }),
    ).toThrow('scan: checkpoint needs a length that is a number, got "n"');
  });

  it("does not let its arguments out", () => {
    let escaped: Expr = w;
    scan(
      (c, u) => {
        escaped = c;
        return [c.add(u), undefined];
      },
      0,
      x,
    );
    expect(() => evaluate(escaped.mul(2))).toThrow("must be used inside that function only");
  });
});
