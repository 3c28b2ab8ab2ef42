import { type Expr, sigmoid, square, sub, Tensor } from "@chainrule/core";
import {
  accuracy,
  adam,
  bceWithLogits,
  crossEntropy,
  dense,
  mse,
  sequential,
  trainer,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { line, small, xor } from "./samples.ts";

async function drain(epochs: AsyncIterable<unknown>): Promise<void> {
  for await (const epoch of epochs) void epoch;
}

describe("a metric", () => {
  const withMetrics = (metrics: object) => () =>
    trainer(dense(1), {
      input: ["batch", 2],
      loss: mse,
      optimizer: adam(),
      seed: 1,
      metrics: metrics as never,
    });

  it("must have totals and a value", () => {
    expect(withMetrics({ accuracy })).toThrow(
      "trainer: the metric accuracy must be { totals, value }, such as accuracy(), got a function",
    );
  });

  it("takes no name that an epoch has for something else", () => {
    for (const name of ["loss", "epoch"]) {
      expect(withMetrics({ [name]: accuracy() })).toThrow(
        `trainer: a metric must have a name other than loss, epoch, steps, seconds, validation, stopped, got "${name}"`,
      );
    }
  });
});

describe("a newcomer's mistake says what to do", () => {
  const classes = trainer(dense(3), {
    input: ["batch", 2],
    loss: crossEntropy,
    optimizer: adam(),
    seed: 1,
  });
  const inputs = line.inputs;
  it.each<[string, () => Promise<unknown> | unknown, string]>([
    [
      "wrong last axis",
      () => small().step({ inputs: [[1, 2, 3]], targets: [0] }),
      "step: inputs must have shape [batch, 2], got [1, 3]",
    ],
    [
      "targets beside an output of other axes",
      () => {
        const images = {
          input: ["batch", 1, 4, 4],
          loss: crossEntropy,
          optimizer: adam(),
          seed: 1,
        };
        const image = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
        return trainer(dense(3), images).step({ inputs: [[image]], targets: [0] });
      },
      "step: targets must have shape [batch, 1, 4], got [1]; the output has shape [batch, 1, 4, 3]",
    ],
    [
      "rows of unequal length",
      () => small().step({ inputs: [[1, 2], [3]], targets: [0] }),
      "step: inputs: rows must have equal lengths, got an array of 1 beside an array of 2",
    ],
    [
      "unequal counts",
      () => small().step({ inputs: [[1, 2]], targets: [0, 1] }),
      "step: inputs and targets must have equally many rows, got 1 and 2",
    ],
    [
      "empty data",
      () => drain(small().fit({ inputs: [], targets: [] })),
      "fit: inputs: there must be an example, got none",
    ],
    [
      "a function that gives no batches",
      () => drain(small().fit((() => 5) as never)),
      "fit: a function of the epoch must give batches, got 5",
    ],
    [
      "empty tensor",
      () =>
        drain(
          small().fit({
            inputs: new Tensor([0, 2], new Float64Array()),
            targets: new Tensor([0, 1], new Float64Array()),
          }),
        ),
      "fit: inputs: there must be an example, got none",
    ],
    [
      "batch larger than data",
      () => drain(small().fit(xor, { batch: 5 })),
      'fit: a batch must not be larger than the data, got 5 of 4 examples; use batch: "all"',
    ],
    [
      "NaN in data",
      () =>
        drain(
          small().fit({
            inputs: [
              [0, 1],
              [Number.NaN, 1],
            ],
            targets: [0, 1],
          }),
        ),
      "fit: input must be finite numbers, got NaN in row 1; clean the data first",
    ],
    [
      "labels out of range",
      () => drain(classes.fit({ inputs, targets: inputs.map(() => 3) })),
      "fit: crossEntropy: ",
    ],
    [
      "labels that are no integers",
      () => classes.step({ inputs: [[1, 2]], targets: [0.5] }),
      "step: targets must be whole numbers, got 0.5 at row 0",
    ],
    [
      "missing seed",
      () => trainer(dense(1), { input: ["batch", 2], loss: mse, optimizer: adam() }),
      "weight: a seed must be given, since its initial value is drawn at random, got none; write { seed: 1 }",
    ],
    [
      "probabilities for logits",
      () =>
        trainer(sequential(dense(1), sigmoid), {
          input: ["batch", 2],
          loss: bceWithLogits,
          optimizer: adam(),
          seed: 1,
        }),
      "bceWithLogits",
    ],
    [
      "a loss for every example",
      () =>
        trainer(dense(1), {
          input: ["batch", 2],
          loss: (output: Expr, target: Expr) => square(sub(output, target)),
          optimizer: adam(),
          seed: 1,
        }),
      "trainer: the loss must be one number, got f64[batch, 1]; reduce it by mean or sum",
    ],
    [
      "early stopping without validation",
      () => drain(small().fit(xor, { earlyStopping: { patience: 1 } })),
      "fit: early stopping needs validation, got none; add validation: 0.2",
    ],
    [
      "an unknown monitor",
      () =>
        drain(
          small().fit(xor, {
            validation: xor,
            earlyStopping: { patience: 1, monitor: "f1" as never },
          }),
        ),
      'fit: earlyStopping.monitor must be one of loss, accuracy, got "f1"',
    ],
    [
      "nothing left to train on",
      () => drain(small().fit(xor, { validation: 1 })),
      "fit: validation must be a share between 0 and 1 that leaves examples to train on, got 1 of 4",
    ],
    [
      "no examples",
      () => drain(small().fit(3 as never)),
      "fit: data must be { inputs, targets }, batches, or a function",
    ],
    [
      "half an epoch",
      () => drain(small().fit(xor, { epochs: 0.5 })),
      "fit: epochs must be a whole number ≥ 0, got 0.5",
    ],
    [
      "a share of batches",
      () => drain(small().fit([xor], { validation: 0.5 })),
      "fit: a share for validation needs the examples themselves",
    ],
    [
      "an unknown name",
      () => small().get("dense.w"),
      "get: a name must be one of dense.weight, dense.bias",
    ],
    [
      "an unknown engine",
      () => small({ engine: "gpu" as never }).step(xor),
      'trainer: engine must be "compiled" or "interpreted", got "gpu"',
    ],
  ])("%s", async (_name, make, message) => {
    await expect((async () => make())()).rejects.toThrow(message);
  });
});
