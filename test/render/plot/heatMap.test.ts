import { ArgumentError } from "@chainrule/core";
import { heatMap } from "@chainrule/render";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileNames } from "../hostileNames.ts";
import { readXml } from "./readSvg.ts";

/** Cells by class and shade: how many squares their paths hold. */
function squares(svg: string): Record<string, number> {
  const paths = readXml(svg).filter(({ name }) => name === "path");
  return Object.fromEntries(
    paths.map(({ attributes }) => [
      `${attributes["class"]} ${attributes["fill-opacity"]}`,
      (attributes["d"] ?? "").split("M").length - 1,
    ]),
  );
}

describe("a heat map", () => {
  it("draws what is above 0 and below, the more the farther, on one scale for all panels", () => {
    const svg = heatMap([
      { rows: [[2, -1]] },
      {
        rows: [
          [1, 1],
          [0, -2],
        ],
      },
    ]);
    // Each panel has paths of its own.
    const { "above 1": full, "below 0.5": half } = squares(svg);
    expect([full, half]).toEqual([1, 1]);
    expect(squares(heatMap([{ rows: [[1, 1, 2, 0]] }]))).toEqual({ "above 0.5": 2, "above 1": 1 });
    expect(svg).toContain("blue above 0, red below; darkest: 2<");
  });

  it("leaves empty what is not finite, and a field of zeros", () => {
    const rows = [[Number.NaN, Number.POSITIVE_INFINITY, 3]];
    expect(squares(heatMap([{ rows }]))).toEqual({ "above 1": 1 });
    expect(squares(heatMap([{ rows: [[0, 0]] }]))).toEqual({});
  });

  it("draws small squares below 0 in grey", () => {
    const svg = heatMap([{ rows: [[-1, 1]] }], { greyscale: true });
    expect(svg).toContain("M0.25 0.25h.5v.5h-.5z");
    expect(svg).toContain("full squares above 0, small ones below");
  });

  it.each(hostileNames)("stays well-formed with the name %j", (name) => {
    const panels = [{ name, rows: [[1]] }];
    readXml(heatMap(panels, { title: name, caption: name, id: name }));
  });

  it("is the same bytes each time, and keeps every panel within the page", () => {
    const panel = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
      .map(([rows, columns]) => ({
        name: "panel",
        rows: Array.from({ length: rows }, (_, i) =>
          Array.from({ length: columns }, (_, j) => Math.sin(7 * i + j)),
        ),
      }));
    const panels = fc.array(panel, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(panels, fc.integer({ min: 1, max: 12 }), (given, beside) => {
        const svg = heatMap(given, { beside });
        expect(heatMap(given, { beside })).toBe(svg);
        const all = readXml(svg);
        const [, , width = 0, height = 0] = (all[0]?.attributes["viewBox"] ?? "")
          .split(" ")
          .map(Number);
        for (const { attributes } of all.filter((one) => one.attributes["class"] === "rim")) {
          const of = (key: string) => Number(attributes[key]);
          expect(of("x")).toBeGreaterThanOrEqual(0);
          expect(of("x") + of("width")).toBeLessThanOrEqual(width);
          expect(of("y") + of("height")).toBeLessThanOrEqual(height);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("says what it cannot draw", () => {
    expect(() => heatMap([])).toThrow("heatMap: there must be panels, got none");
    expect(() => heatMap([{ rows: [] }])).toThrow("panel 0 must have cells, got none");
    expect(() => heatMap([{ rows: [[1, 2], [3]] }])).toThrow("must have one length, got 2 and 1");
    const large = { rows: Array.from({ length: 400 }, () => new Array<number>(400).fill(0)) };
    expect(() => heatMap([large])).toThrow(ArgumentError);
  });
});
