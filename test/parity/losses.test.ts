import { evaluate, grad, sum, variable } from "@chainrule/core";
import * as losses from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { expectClose } from "./expectClose.ts";
import { precisions, readFixture } from "./readFixture.ts";

interface LossCase {
  readonly name: string;
  readonly loss: keyof typeof byName;
  readonly options: Record<string, never>;
}

const { bce, bceWithLogits, cosineLoss, crossEntropy, crossEntropyFromProbabilities } = losses;
const { halfSquaredError, hinge, huber, klDivergence, mae, mse, multiclassHinge, nll } = losses;

const byName = {
  bce,
  bceWithLogits,
  cosineLoss,
  crossEntropy,
  crossEntropyFromProbabilities,
  halfSquaredError,
  hinge,
  huber,
  klDivergence,
  mae,
  mse,
  multiclassHinge,
  nll,
};

const { cases, tensor } = readFixture<LossCase>("losses");

describe("losses give PyTorch's values and gradients", () => {
  it("all of them", () => {
    expect(new Set(cases.map(({ loss }) => loss))).toEqual(new Set(Object.keys(byName)));
  });

  for (const { dtype, tolerance } of precisions) {
    it.each(cases)(`$name in ${dtype}`, ({ name, loss, options }) => {
      const read = (key: string) => tensor(`${name}/${dtype}/${key}`);
      const [output, target] = [read("output"), read("target")];
      const x = variable("x", output.shape, output.dtype);
      const t = variable("t", target.shape, target.dtype);
      const value = byName[loss](x, t, options);
      const total = value.shape.length === 0 ? value : sum(value);
      const results = evaluate([value, ...grad(total, [x])], { x: output, t: target });
      expectClose("value", results[0], read("value"), tolerance);
      expectClose("gradient", results[1], read("gradient"), tolerance);
    });
  }
});
