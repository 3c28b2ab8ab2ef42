import { checkGradients } from "@chainrule/core";
import { documentText } from "@chainrule/render/classroom";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  activation,
  chartOf,
  comparison,
  sharesOf,
  throughLayers,
  touchAt,
} from "../../../../packages/studio/src/rooms/activations/activations.ts";
import {
  initial,
  readActivations,
} from "../../../../packages/studio/src/rooms/activations/activationsState.ts";
import { formulasOf } from "../../../../packages/studio/src/rooms/activations/formulas.ts";

const ids = ["sigmoid", "tanh", "relu", "leakyRelu"] as const;

describe("the activations", () => {
  it("have value and slope where the tangent touches", () => {
    expect(touchAt("sigmoid", 0.01, 0)).toEqual({ x: 0, y: 0.5, slope: 0.25 });
    expect(touchAt("tanh", 0.01, 0)).toEqual({ x: 0, y: 0, slope: 1 });
    expect(touchAt("relu", 0.01, -1)).toEqual({ x: -1, y: 0, slope: 0 });
    // The right branch at the kink, as the lecture defines it.
    expect(touchAt("relu", 0.01, 0).slope).toBe(1);
    expect(touchAt("leakyRelu", 0.2, -2)).toEqual({ x: -2, y: -0.4, slope: 0.2 });
  });

  it.each(ids)("%s: the chart's tangent touches the curve with its slope", (id) => {
    const { y, slope } = touchAt(id, 0.3, 1.5);
    const [tangent] = chartOf(id, 0.3, 1.5).curves.flatMap(({ look, pieces }) =>
      look === 2 ? pieces : [],
    );
    for (const [x, height] of tangent ?? []) expect(height).toBeCloseTo(y + slope * (x - 1.5), 12);
    expect(checkGradients(activation(id, 0.3), { x: 1.5 }).ok).toBe(true);
  });

  it("multiply their slopes through layers", () => {
    const left = throughLayers("sigmoid", 0.01, 0.7, 12);
    expect(left).toHaveLength(13);
    for (let i = 1; i < left.length; i++) {
      expect(left[i]).toBeLessThan(0.2501 * (left[i - 1] as number));
    }
    expect(throughLayers("relu", 0.01, 2, 5)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(throughLayers("relu", 0.01, -2, 2)).toEqual([1, 0, 0]);
    expect(throughLayers("leakyRelu", 0.5, -2, 3)).toEqual([1, 0.5, 0.25, 0.125]);
  });

  it("stand side by side, each with a look of its own", () => {
    for (const kind of ["functions", "derivatives"] as const) {
      const { curves } = comparison(kind, 0.1);
      expect(curves.map(({ look }) => look)).toEqual([0, 1, 2, 3]);
    }
  });

  it("softmax gives shares that add up to 1, and slopes that cancel", () => {
    const { shares, slopes } = sharesOf([1, 2, 3]);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 14);
    slopes.forEach((row, i) => {
      expect(row.reduce((sum, slope) => sum + slope, 0)).toBeCloseTo(0, 14);
      expect(row[i]).toBeCloseTo((shares[i] as number) * (1 - (shares[i] as number)), 14);
    });
  });

  it("are written with their derivatives", () => {
    const text = (id: (typeof ids)[number]): string =>
      documentText({ title: [id], blocks: [{ kind: "equations", lines: formulasOf(id, 0.2) }] });
    expect(text("tanh")).toContain("2sigmoid(2x) - 1");
    expect(text("leakyRelu")).toContain("0.2");
    expect(text("sigmoid")).toContain("f'(x)");
  });
});

describe("the state of the activations", () => {
  it("comes back from JSON, and whatever is wrong is replaced and named", () => {
    const state = { ...initial, shown: "softmax", scores: [0, -1, 5] } as const;
    expect(readActivations(JSON.parse(JSON.stringify(state)))).toEqual({ state, notes: [] });
    const { state: kept, notes } = readActivations({ shown: "x", x: 99, scores: [1], layers: 0 });
    expect(kept).toEqual(initial);
    expect(notes).toHaveLength(4);
    fc.assert(
      fc.property(fc.anything(), (json) => {
        expect(readActivations(readActivations(json).state).notes).toEqual([]);
      }),
    );
  });
});
