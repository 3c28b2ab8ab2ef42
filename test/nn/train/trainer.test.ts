import { sigmoid, tanh } from "@chainrule/core";
import { adam, bceWithLogits, dense, gradientDescent, sequential, trainer } from "@chainrule/nn";
import { describe, expect, it } from "vitest";

export const xor = {
  inputs: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  targets: [0, 1, 1, 0],
};

describe.each(["compiled", "interpreted"] as const)("a %s trainer", (engine) => {
  it("learns xor", async () => {
    const model = sequential(dense(8), tanh, dense(1));
    const t = trainer(model, {
      input: ["batch", 2],
      loss: bceWithLogits,
      optimizer: adam({ rate: 0.1 }),
      seed: 7,
      engine,
    });
    let last = 1;
    for await (const epoch of t.fit(xor, { epochs: 60, validation: xor })) {
      last = epoch.validation.accuracy;
    }
    expect(last).toBe(1);
    const out = t.predict([[0, 1]]) as number[][];
    expect(out[0]?.[0]).toBeGreaterThan(0);
  });
});
