import { describe, expect, it } from "vitest";
import { attended } from "../../../../packages/studio/src/rooms/deeper/attention/attention.ts";
import {
  attentionInitial,
  presets,
} from "../../../../packages/studio/src/rooms/deeper/attention/attentionState.ts";

const bare = attentionInitial.tokens.map(() => [0, 0] as const);

describe("attention", () => {
  it("weighs values by softmax of the scores", () => {
    const { scores, weights, values, outputs, queries, keys } = attended(attentionInitial);
    weights.forEach((row, i) => {
      const total = (scores[i] ?? []).reduce((sum, score) => sum + Math.exp(score), 0);
      row.forEach((weight, j) => {
        const [q, k] = [queries[i] ?? [0, 0], keys[j] ?? [0, 0]];
        expect(scores[i]?.[j]).toBeCloseTo((q[0] * k[0] + q[1] * k[1]) / Math.SQRT2, 12);
        expect(weight).toBeCloseTo(Math.exp(scores[i]?.[j] ?? 0) / total, 12);
      });
      for (const axis of [0, 1] as const) {
        const mean = row.reduce((sum, weight, j) => sum + weight * (values[j]?.[axis] ?? 0), 0);
        expect(outputs[i]?.[axis]).toBeCloseTo(mean, 12);
      }
    });
  });

  it("does what its presets say", () => {
    const weightsOf = (name: string) => {
      const preset = presets[name];
      if (preset === undefined) throw new Error(name);
      const { query, key, positions } = preset;
      const embeddings = preset.bare ? bare : attentionInitial.embeddings;
      return attended({ ...attentionInitial, query, key, positions, embeddings }).weights;
    };
    const strongest = (row: readonly number[]): number => row.indexOf(Math.max(...row));
    // cat, mouse are things; chased is an action.
    expect(weightsOf("alike")[1]?.[1]).toBeGreaterThan(weightsOf("alike")[1]?.[2] as number);
    expect(weightsOf("alike")[1]?.[5]).toBeGreaterThan(weightsOf("alike")[1]?.[0] as number);
    expect(strongest(weightsOf("crossed")[1] ?? [])).toBe(2);
    weightsOf("back").forEach((row, i) => {
      if (i > 0) expect(strongest(row)).toBe(i - 1);
    });
    for (const weight of weightsOf("even").flat()) expect(weight).toBeCloseTo(1 / 6, 12);
  });

  it("sees nothing ahead where it is causal", () => {
    const { weights } = attended({ ...attentionInitial, causal: true });
    weights.forEach((row, i) => {
      row.forEach((weight, j) => {
        if (j > i) expect(weight).toBe(0);
      });
    });
    expect(weights[0]?.[0]).toBe(1);
  });

  it("adds places where asked to", () => {
    const { inputs } = attended({ ...attentionInitial, embeddings: bare, positions: true });
    inputs.forEach(([x, y], t) => {
      expect(x).toBeCloseTo(Math.sin(t), 12);
      expect(y).toBeCloseTo(Math.cos(t), 12);
    });
  });
});
