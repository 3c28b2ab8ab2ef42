import { plotData } from "@chainrule/render";
import { describe, expect, it } from "vitest";
import { chartScale, tickText } from "../../../packages/studio/src/chart/chartScale.ts";

describe("chartScale", () => {
  const data = plotData({ kind: "activation", activation: "tanh" });

  it("lays the ends of the axes at the frame, and leads back", () => {
    const { left, right, top, bottom, at, xAt } = chartScale(data, 600, 400);
    const [low, high] = [data.x.interval, data.y.interval];
    expect(at([low[0], high[0]])).toEqual([left, bottom]);
    expect(at([low[1], high[1]])).toEqual([right, top]);
    for (const x of [-6, -1.5, 0, 4.2]) expect(xAt(at([x, 0])[0])).toBeCloseTo(x, 12);
  });

  it("lays powers of ten at equal distances where the axis is logarithmic", () => {
    const loss = plotData({
      kind: "loss",
      series: [{ name: "E", values: [1, 0.1, 0.01] }],
      logarithmic: true,
    });
    const { at } = chartScale(loss, 600, 400);
    const heights = [1, 0.1, 0.01].map((value) => at([0, value])[1]);
    const [first = 0, second = 0, third = 0] = heights;
    expect(second - first).toBeCloseTo(third - second, 9);
  });

  it("leaves room for long numbers beside the upright axis", () => {
    const ticks = [0.0001, 0.001, 1];
    const long = { ...data, y: { ...data.y, ticks } };
    const [usual, wide] = [data, long].map((one) => chartScale(one, 600, 400).left);
    expect(tickText(0.0001)).toHaveLength(6);
    expect((wide ?? 0) - (usual ?? 0)).toBeGreaterThanOrEqual(14);
  });

  it("stays finite where the picture has no room, and where a value has no place", () => {
    const { at } = chartScale(data, 1, 1);
    expect(at([0, 0]).every(Number.isFinite)).toBe(true);
    expect(at([0, Number.POSITIVE_INFINITY]).every(Number.isFinite)).toBe(true);
  });
});
