import { tanh } from "@chainrule/core";
import * as nn from "@chainrule/nn";
import { describe, expect, it } from "vitest";

const inputs = Array.from({ length: 30 }, (_, i) => [i / 15 - 1]);
const targets = inputs.map(([x = 0]) => Math.sin(4 * x));

function fresh(layers: readonly nn.LayerLike[] = []) {
  return nn.trainer(nn.sequential(nn.dense(8), tanh, ...layers, nn.dense(1)), {
    input: ["batch", 1],
    loss: nn.mse,
    optimizer: nn.adam({ rate: 0.01 }),
    seed: 5,
    frozen: "dense.bias",
  });
}

describe("minimize", () => {
  it("fits a curve in few steps, writes the weights, and leaves frozen ones", () => {
    const t = fresh();
    const frozen = t.get("dense.bias");
    const before = t.evaluate({ inputs, targets }).loss;
    const losses: number[] = [];
    const steps = nn.minimize(t, { inputs, targets }, { iterations: 200 });
    let next = steps.next();
    for (; next.done !== true; next = steps.next()) {
      losses.push(next.value.loss);
      expect(t.evaluate({ inputs, targets }).loss).toBeCloseTo(next.value.loss, 12);
    }
    expect(losses[0]).toBeLessThan(before);
    expect(next.value.loss).toBeLessThan(1e-3);
    expect(t.evaluate({ inputs, targets }).loss).toBeCloseTo(next.value.loss, 12);
    expect(t.get("dense.bias")).toEqual(frozen);
    expect(t.steps).toBe(0);
  });

  it("refuses a model whose loss is another at every call", () => {
    const t = fresh([nn.dropout(0.5)]);
    expect(() => nn.minimize(t, { inputs, targets }).next()).toThrow(
      "minimize: training must not be random, got a model with dropout or noise",
    );
  });
});
