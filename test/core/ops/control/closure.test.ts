import {
  type Expr,
  evaluate,
  grad,
  scalar,
  scalarize,
  sum,
  type Tensor,
  topological,
  toText,
  variable,
} from "@chainrule/core";
import { call, cond, map, scan, whileLoop } from "@chainrule/core/control";
import { fromJSON, toJSON } from "@chainrule/core/json";
import { describe, expect, it } from "vitest";
import { spread } from "../../../support/differences.ts";

const w = scalar("w");
const x = variable("x", [4]);

/** A loop around a call around a condition, with a mapped function beside. */
function nested(): Expr {
  const [last, rows] = scan(
    (c, u) => {
      const inner = call(
        (a, b) =>
          cond(
            a,
            () => a.mul(b).sin(),
            () => b.mul(w),
          ),
        [c, u],
        "g",
      );
      return [inner, map((one) => one.mul(c), x).sum()];
    },
    w,
    x,
  );
  return last.add(sum(rows));
}

describe("sub-graphs", () => {
  it("are written to files and read back as the same nodes, derivatives too", () => {
    const y = nested();
    const outputs = { y, dw: grad(y, w), dx: grad(y, x) };
    const text = JSON.stringify(toJSON(outputs));
    const read = fromJSON(text);
    expect(read["y"]).toBe(outputs.y);
    expect(read["dw"]).toBe(outputs.dw);
    expect(read["dx"]).toBe(outputs.dx);
  });

  it("print, and scalarize with their derivatives", () => {
    const y = nested();
    expect(toText(y)).toContain("scan(");
    const { outputs } = scalarize([y, grad(y, w)]);
    const given = { w: 0.6, x: spread([4]) };
    const at: Record<string, number> = { w: 0.6 };
    for (const [i, value] of given.x.data.entries()) at[`x_${i + 1}`] = value;
    for (const [i, expected] of [y, grad(y, w)].entries()) {
      const item = outputs[i]?.items[0] as Expr;
      expect(evaluate(item, at)).toBeCloseTo(evaluate(expected, given) as number, 12);
    }
    const bounded = whileLoop(
      (c) => c.sub(9),
      (c) => c.add(w),
      w,
      { maxTrips: 5 },
    );
    const slope = scalarize([grad(bounded, w)]).outputs[0]?.items[0] as Expr;
    expect(evaluate(slope, { w: 3 })).toBe(evaluate(grad(bounded, w), { w: 3 }));
    expect(evaluate(slope, { w: 3 })).toBe(3);
  });

  it("lift a graph of any depth out of a loop without walking it", () => {
    let deep: Expr = w;
    for (let i = 0; i < 200_000; i++) deep = deep.sin();
    const [last] = scan((c, u) => [c.mul(deep).add(u), undefined], 0, x);
    const loop = topological([last]).nodes.find(({ op }) => op.name === "scan");
    expect(loop?.args).toContain(deep);
    expect(topological([last]).nodes).toHaveLength(200_000 + 5);
  });

  it("may have a body of any depth", () => {
    const [last] = scan(
      (c) => {
        let deep: Expr = c;
        for (let i = 0; i < 50_000; i++) deep = deep.sin().add(w);
        return [deep, undefined];
      },
      w,
      undefined,
      { length: 2 },
    );
    expect(Number.isFinite(evaluate(grad(last, w), { w: 0.1 }) as number)).toBe(true);
  });

  it("evaluate what does not change once, and only the results that are read", () => {
    const size = variable("table", [300, 300]);
    const [last] = scan((c) => [c.mul(0.5).add(1), undefined], sum(size), undefined, { length: 3 });
    expect(evaluate(last, { table: new Float64Array(90_000) })).toBe(1.75);
    const [, rows] = scan((c, u) => [c.add(u), c], 0, x);
    expect((evaluate(rows, { x: [1, 2, 3, 4] }) as Tensor).toArray()).toEqual([0, 1, 3, 6]);
  });
});
