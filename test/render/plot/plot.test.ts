import { ArgumentError, grad, variable } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { type Figure, plot, plotData } from "@chainrule/render";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileNames } from "../hostileNames.ts";
import { readXml, textBoxes } from "./readSvg.ts";

function fn(text: string, more: object = {}): Figure {
  return { kind: "function", f: parse(text).result, ...more };
}

/** The `d` of a curve, by its look. */
function curveOf(svg: string, look: number): string {
  const found = readXml(svg).filter(({ attributes }) => attributes["class"] === `look${look}`);
  return found[0]?.attributes["d"] ?? "";
}

/** How often the pen is lifted. */
function pieces(d: string): number {
  return d.split("M").length - 1;
}

const [x, y] = [variable("x"), variable("y")];

const figures: Record<string, Figure> = {
  cubic: fn("x^3/10 - x", { tangentAt: 2 }),
  pole: fn("1/x"),
  logarithm: fn("log(x)", { tangentAt: 1 }),
  field: { kind: "field", f: x.mul(x).add(y.mul(y).mul(3)), by: [x, y] },
  hole: { kind: "field", f: x.log().add(y.mul(y)), by: [x, y] },
  loss: { kind: "loss", series: [{ name: "training", values: [3, 1, 0.1] }], logarithmic: true },
  sigmoid: { kind: "activation", activation: "sigmoid", tangentAt: 0 },
  softmax: { kind: "activation", activation: "softmax" },
};

describe("plot", () => {
  it.each(Object.keys(figures))("%s: well-formed, same bytes, texts inside the page", (name) => {
    const figure = figures[name] as Figure;
    const svg = plot(figure);
    expect(plot(figure)).toBe(svg);
    expect(svg).not.toMatch(/NaN|Infinity/);
    const { boxes, page } = textBoxes(svg);
    expect(boxes.length).toBeGreaterThan(8);
    for (const box of boxes) {
      expect(box.left, box.text).toBeGreaterThanOrEqual(0);
      expect(box.right, box.text).toBeLessThanOrEqual(page.width);
      expect(box.top, box.text).toBeGreaterThanOrEqual(0);
      expect(box.bottom, box.text).toBeLessThanOrEqual(page.height);
    }
  });

  it("says the slope of the tangent: 3·2²/10 − 1 = 0.2", () => {
    const svg = plot(figures["cubic"] as Figure);
    expect(svg).toContain("tangent at x = 2, slope 0.2");
  });

  it("draws a derivative that the caller gives, or none", () => {
    const { result: f, variables } = parse("sin(x)");
    const by = variables["x"] ?? f;
    const own = plot({ kind: "function", f, by });
    expect(plot({ kind: "function", f, by, derivative: grad(f, by) })).toBe(own);
    expect(curveOf(plot({ kind: "function", f, by, derivative: false }), 1)).toBe("");
    const wrong = plot({ kind: "function", f, by, derivative: f });
    expect(curveOf(wrong, 1)).toBe(curveOf(wrong, 0));
  });

  it("lifts the pen at poles and jumps, not on steep slopes", () => {
    expect(pieces(curveOf(plot(fn("1/x")), 0))).toBe(2);
    expect(pieces(curveOf(plot(fn("1/(x - 0.3)")), 0))).toBe(2);
    expect(pieces(curveOf(plot(fn("floor(x)", { domain: [-1.5, 1.5] })), 0))).toBe(4);
    expect(pieces(curveOf(plot(fn("tanh(50x)")), 0))).toBe(1);
    expect(pieces(curveOf(plot(fn("sqrt(x^2 - 1)")), 0))).toBe(2);
  });

  it("has no tangent where there is no slope, and says so", () => {
    const svg = plot(fn("1/x", { tangentAt: 0 }));
    expect(svg).toContain("no tangent at x = 0");
    expect(curveOf(svg, 2)).toBe("");
  });

  it("leaves gaps in losses and keeps the extremes of long series", () => {
    const values: number[] = Array.from({ length: 100_000 }, (_, i) => (i === 77_777 ? 9 : 1));
    values[50_000] = Number.NaN;
    const svg = plot({ kind: "loss", series: [{ name: "a", values }] });
    expect(svg.length).toBeLessThan(60_000);
    expect(pieces(curveOf(svg, 0))).toBe(2);
    const ys = [...curveOf(svg, 0).matchAll(/ (\d+(?:\.\d+)?)/g)].map(([, at]) => Number(at));
    expect(new Set(ys).size).toBe(2);
  });

  it("tells curves apart without colour, and follows dark screens", () => {
    const grey = readXml(plot(figures["cubic"] as Figure, { greyscale: true }));
    const dashes = grey
      .filter(({ attributes }) => /^look/.test(attributes["class"] ?? ""))
      .map(({ attributes }) => attributes["stroke-dasharray"]);
    expect(new Set(dashes).size).toBe(3);
    expect(plot(figures["cubic"] as Figure)).toContain("prefers-color-scheme:dark");
    expect(plot(figures["cubic"] as Figure, { theme: "light" })).not.toContain("@media");
  });

  it.each(hostileNames)("keeps the name %j text", (name) => {
    const v = variable(name);
    const figures: Figure[] = [
      { kind: "function", f: v.mul(v), name },
      { kind: "loss", series: [{ name, values: [1, 2] }], by: name },
    ];
    for (const figure of figures) {
      const svg = plot(figure, { title: name, id: name });
      expect(readXml(svg).filter((node) => node.name === "script")).toEqual([]);
      const { boxes, page } = textBoxes(svg);
      expect(Math.max(...boxes.map((box) => box.right))).toBeLessThanOrEqual(page.width);
    }
  });

  it("draws any loss without a crash", () => {
    const value = fc.oneof(fc.double(), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(value), fc.boolean(), (values, logarithmic) => {
        const svg = plot({ kind: "loss", logarithmic, series: [{ name: "a", values }] });
        for (const { name, attributes } of readXml(svg)) {
          if (name === "path") expect(attributes["d"]).not.toMatch(/NaN|Infinity/);
        }
      }),
      { examples: [[[-1.634266486238469e308], false]] },
    );
  });

  it("refuses what is no plot", () => {
    const bad: [Figure, string][] = [
      [fn("x + z"), "plot: one variable must be left for the axis, got x, z"],
      [fn("x", { domain: [2, 1] }), "plot: the domain must go from low to high, got 2 to 1"],
      [{ kind: "field", f: x, by: [x, x] }, "plot: two variables are needed, got x twice"],
      [{ kind: "loss", series: [] }, "plot: a loss needs a series, got none"],
      [fn("x", { tangentAt: Number.NaN }), "plot: the tangent needs a finite place, got NaN"],
    ];
    for (const [figure, message] of bad) {
      expect(() => plot(figure)).toThrow(ArgumentError);
      expect(() => plot(figure)).toThrow(message);
    }
    expect(plot(fn("x + z", { values: { z: 1 } }))).toContain("x + z");
  });
});

describe("plotData", () => {
  it("is what plot draws, in the units of the axes, with round numbers at them", () => {
    const figure: Figure = { kind: "activation", activation: "tanh", tangentAt: 1 };
    const data = plotData(figure);
    const [f, slope, tangent] = data.curves;
    for (const [x, y] of f?.pieces.flat() ?? []) expect(y).toBeCloseTo(Math.tanh(x), 12);
    for (const [x, y] of slope?.pieces.flat() ?? []) {
      expect(y).toBeCloseTo(1 - Math.tanh(x) ** 2, 12);
    }
    expect(tangent?.name).toContain("slope 0.42");
    expect(data.points).toEqual([{ at: [1, Math.tanh(1)], look: 0 }]);
    expect(data.x.ticks).toContain(0);
    expect(plot(figure)).toContain(data.description);
  });

  it("has no ticks between epochs", () => {
    const { x } = plotData({ kind: "loss", series: [{ name: "E", values: [3, 2, 1] }] });
    expect(x.ticks).toEqual([0, 1, 2]);
  });
});
