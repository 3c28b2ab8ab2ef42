import { sigmoid, tanh } from "@chainrule/core";
import * as nn from "@chainrule/nn";
import { describe, expect, it } from "vitest";

const examples = {
  inputs: [
    [0, 1],
    [1, 0],
    [2, 2],
  ],
  targets: [1, 0, 1],
};

describe("losses in training", () => {
  it("say what is wrong when outputs are no probabilities", () => {
    const t = nn.trainer(nn.sequential(nn.dense(4), tanh, nn.dense(1, tanh)), {
      input: ["batch", 2],
      loss: nn.bce,
      optimizer: nn.adam(),
      seed: 1,
    });
    expect(() => t.step(examples)).toThrow(
      /bce: outputs \(probabilities\) must be between 0 and 1, got -0\.\d+ at \[\d, 0\]; put a sigmoid after it, or use bceWithLogits/,
    );
  });

  it("bring their metrics", () => {
    const t = nn.trainer(nn.dense(1, sigmoid), {
      input: ["batch", 2],
      loss: nn.withOptions(nn.bce, { labelSmoothing: 0.1 }),
      optimizer: nn.gradientDescent({ rate: 0.1 }),
      seed: 3,
    });
    const { accuracy } = t.evaluate(examples);
    expect([0, 1 / 3, 2 / 3, 1]).toContain(accuracy);
  });

  it("refuse labels out of range before the first step", async () => {
    const t = nn.trainer(nn.dense(3), {
      input: ["batch", 2],
      loss: nn.crossEntropy,
      optimizer: nn.adam(),
      seed: 1,
    });
    await expect(t.train({ ...examples, targets: [0, 3, 1] })).rejects.toThrow(
      "class indices must be whole numbers 0 … 2 for an output of 3 classes, got 3 at [1]",
    );
  });
});
