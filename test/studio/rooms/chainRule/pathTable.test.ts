import { evaluate, grad } from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { gallery } from "../../../../packages/studio/src/rooms/chainRule/gallery.ts";
import { nudgeOf, nudgePlot } from "../../../../packages/studio/src/rooms/chainRule/nudge.ts";
import { MOST_ROWS, pathTable } from "../../../../packages/studio/src/rooms/chainRule/pathTable.ts";
import { lesson } from "./support.ts";

describe("pathTable", () => {
  it("lists the four paths of b = a + a; c = b + b, each in a colour of its own", () => {
    const table = pathTable(lesson("b = a + a; c = b + b", { a: 1 }), "a");
    expect(table?.count).toBe(4n);
    expect(table?.rows.map(({ product, colour }) => [product, colour])).toEqual([
      ["1", 1],
      ["1", 2],
      ["1", 3],
      ["1", 4],
    ]);
    expect(table?.sum).toBe("4");
    // Four products of two factors and three sums; the sweep adds twice and multiplies by b̄ twice.
    expect(table?.enumerated).toEqual({ multiplications: 4n, additions: 3n });
    expect(table?.swept).toEqual({ multiplications: 2n, additions: 2n });
  });

  it("writes each factor as the derivation does, and its number", () => {
    const table = pathTable(
      lesson("h = sigmoid(w x); E = (t - h)^2 / 2", { w: 1, x: 2, t: 1 }),
      "w",
    );
    const [row] = table?.rows ?? [];
    expect(row?.names).toEqual(["w", "h", "E"]);
    expect(row?.factors.map(({ of, by, formula }) => [of, by, formula])).toEqual([
      ["E", "h", "\\left(h - t\\right)"],
      ["h", "w", "h(1 - h)\\,x"],
    ]);
  });

  it("counts 2⁶⁰ paths and lists the first", () => {
    const text = Array.from({ length: 60 }, (_, i) => `a${i + 1} = a${i} + a${i}`).join(";");
    const table = pathTable(lesson(text), "a0");
    expect(table?.count).toBe(2n ** 60n);
    expect(table?.rows).toHaveLength(MOST_ROWS);
    expect(table?.enumerated.multiplications).toBe(59n * 2n ** 60n);
    expect(table?.swept).toEqual({ multiplications: 118n, additions: 60n });
  });

  it("sums to the gradient for every example", () => {
    for (const { text, values, wrt } of gallery) {
      const own = lesson(text, values);
      const x = own.program.variables[wrt];
      if (x === undefined) throw new Error(`${wrt} must be a variable`);
      const slope = evaluate(grad(own.program.result, x), values, { extra: "allow" }) as number;
      expect(Number(pathTable(own, wrt)?.sum)).toBeCloseTo(slope, 4);
    }
  });

  it("knows no paths from what is no variable", () => {
    expect(pathTable(lesson("y = x"), "<b>")).toBeUndefined();
  });
});

describe("nudgeOf", () => {
  it("predicts by the derivative, and evaluates what is true", () => {
    const own = lesson("y = x^2", { x: 3 });
    expect(nudgeOf(own, "x", 0.5)).toEqual({
      by: "x",
      delta: 0.5,
      derivative: 6,
      before: 9,
      after: 12.25,
      predicted: 3,
      changed: 3.25,
      missed: 0.25,
    });
    expect(nudgeOf(own, "z", 1)).toBeUndefined();
  });

  it("draws the function of the chosen variable with its tangent", () => {
    const plot = nudgePlot(lesson("y = x^2 + z", { x: 1, z: 2 }), "x");
    expect(plot?.curves.length).toBe(2);
    expect(nudgePlot(lesson("y = x"), "q")).toBeUndefined();
  });

  it("cuts a curve beside which its tangent would be flat, beyond what is nudged", () => {
    // 2 + 3 is the end of the picture, where xˣ is 3125; the tangent has the slope 4(1 + ln 2).
    const steep = lesson("y = x^x", { x: 2 });
    const top = (reach: number): number => nudgePlot(steep, "x", reach)?.y.interval[1] ?? 0;
    expect(top(1)).toBeGreaterThan(27);
    expect(top(1)).toBeLessThan(40);
    expect(top(2)).toBeGreaterThan(4 ** 4);
  });
});
