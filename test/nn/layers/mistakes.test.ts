import { tanh, variable } from "@chainrule/core";
import {
  batchNorm,
  build,
  conv2d,
  dropout,
  embedding,
  groupNorm,
  learntPositions,
  multiHeadAttention,
  neuron,
  neurons,
  Registry,
  recurrent,
  rnnCell,
  selfAttention,
  upsample2d,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";

describe("a layer on a wrong input says what it wants", () => {
  const on =
    (recipe: unknown, shape: readonly (number | string)[], dtype: "f64" | "i32" = "f64") =>
    () =>
      build(recipe as never, variable("x", shape, dtype), { registry: new Registry(1) });
  it.each<[string, () => unknown, string]>([
    [
      "conv2d",
      on(conv2d(1, 3), ["b", 28, 28]),
      "conv2d: the input must have 4 axes [batch, channels, height, width], got [b, 28, 28]",
    ],
    [
      "embedding",
      on(embedding(3, 2), ["b", 4]),
      'embedding: the input must be indices of type i32, got f64; write input: { shape, dtype: "i32" }',
    ],
    [
      "recurrent",
      on(recurrent(rnnCell(2)), ["b", 4]),
      "rnn: the input must have 3 axes [batch, time, inputs], got [b, 4]",
    ],
    [
      "attention",
      on(selfAttention(), ["b", 4]),
      "attention: the input must have 3 axes [batch, time, size], got [b, 4]",
    ],
    [
      "heads",
      on(multiHeadAttention(3), ["b", 2, 4]),
      "multiHeadAttention: the size must divide into 3 heads, got 4",
    ],
    [
      "groups",
      on(groupNorm(2), ["b", 3]),
      "groupNorm: the channels must divide into 2 groups, got 3",
    ],
    [
      "places",
      on(learntPositions(2), ["b", 3, 4]),
      "learntPositions: there must be at most 2 places, got 3",
    ],
    ["upsampling", on(upsample2d(2), ["b", 3]), "upsample2d: the input must have 4 axes"],
    ["dropout", () => dropout(1), "dropout: the rate must lie in [0, 1), got 1"],
    ["momentum", () => batchNorm({ momentum: 2 }), "batchNorm: momentum must lie in (0, 1], got 2"],
    [
      "weights of a neuron",
      on(neuron(tanh, { weights: [1] }), ["b", 2]),
      "neuron: there must be a weight for each of 2 inputs, got 1",
    ],
    ["no neurons", () => neurons([], tanh), "neurons: there must be a layer, got none"],
    [
      "no filters",
      () => conv2d(0, 3),
      "conv2d: the number of filters must be a whole number ≥ 1, got 0",
    ],
    [
      "options in place of a kernel",
      () => conv2d(4, { kernel: 3 } as never),
      "conv2d: the kernel must be a size, or one for each of height, width, got an object",
    ],
    [
      "a kernel of too few axes",
      () => conv2d(4, [3]),
      "conv2d: the kernel must be a size, or one for each of height, width, got an array",
    ],
  ])("%s", (_name, make, message) => {
    expect(make).toThrow(message);
  });
});
