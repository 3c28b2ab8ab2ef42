import { type Expr, evaluate, sigmoid, type Tensor, variable } from "@chainrule/core";
import {
  batchNorm,
  build,
  conv2d,
  dense,
  dropout,
  gradientDescent,
  halfSquaredError,
  layer,
  layerNorm,
  lstmCell,
  neuron,
  neurons,
  perceptron,
  positionalEncoding,
  Registry,
  recurrent,
  rnnCell,
  selfAttention,
  sequential,
  trainer,
  unitDelay,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { xor } from "../train/samples.ts";
import { makeLayer } from "./checkLayer.ts";

function paths(recipe: Parameters<typeof build>[0], shape: readonly (number | string)[]): string[] {
  const registry = new Registry(1);
  build(recipe as never, variable("x", shape), { registry });
  return [...registry.kept.values()].map((kept) => `${kept.path} [${kept.shape.join(", ")}]`);
}

describe("shapes of parameters", () => {
  it.each([
    [
      "conv2d",
      conv2d(4, [3, 2], { groups: 2 }),
      ["b", 6, 8, 8],
      ["weight [4, 3, 3, 2]", "bias [4]"],
    ],
    [
      "lstm",
      recurrent(lstmCell(3)),
      ["b", 5, 2],
      ["weight [2, 12]", "recurrentWeight [3, 12]", "bias [12]"],
    ],
    [
      "batch norm",
      batchNorm(),
      ["b", 3, 4],
      ["mean [3]", "variance [3]", "scale [3]", "shift [3]"],
    ],
    [
      "attention",
      selfAttention({ bias: false }),
      ["b", 5, 4],
      ["query.weight [4, 4]", "key.weight [4, 4]", "value.weight [4, 4]", "output.weight [4, 4]"],
    ],
    ["neuron", neuron(), ["b", 2], ["w1 []", "w2 []", "b []"]],
    [
      "neurons",
      neurons([2, 1], sigmoid),
      ["b", 1],
      [
        "hidden1.w1 []",
        "hidden1.b []",
        "hidden2.w1 []",
        "hidden2.b []",
        "output1.w1 []",
        "output1.w2 []",
        "output1.b []",
      ],
    ],
  ])("%s", (_name, recipe, shape, expected) => {
    expect(paths(recipe as never, shape)).toEqual(expected);
  });
});

describe("a neuron", () => {
  it("is a graph of scalars, with the lecture's numbers", () => {
    const inputs = [variable("i1"), variable("i2")];
    const model = build(neuron(sigmoid, { weights: [0.1, 0.3], bias: 0.25 }), inputs, {
      registry: new Registry(undefined),
    });
    const bindings = new Map<Expr, number>([
      [inputs[0] as Expr, 0.1],
      [inputs[1] as Expr, 0.5],
    ]);
    for (const { node, initial } of model.kept.values()) bindings.set(node, initial()[0] as number);
    expect(evaluate(model.output, bindings)).toBe(0.6010878788483698);
    expect(model.output.shape).toEqual([]);
  });

  it("learns AND and OR by Rosenblatt's rule, and cannot learn XOR", async () => {
    const learn = async (targets: readonly number[]) => {
      const t = trainer(perceptron(), {
        input: ["batch", 2],
        target: ["batch"],
        loss: halfSquaredError,
        optimizer: gradientDescent({ rate: 0.1 }),
        seed: 1,
      });
      await t.train({ inputs: xor.inputs, targets }, { epochs: 50, batch: 1 });
      return t.predict(xor.inputs);
    };
    expect(await learn([0, 0, 0, 1])).toEqual([0, 0, 0, 1]);
    expect(await learn([0, 1, 1, 1])).toEqual([0, 1, 1, 1]);
    expect(await learn(xor.targets)).not.toEqual(xor.targets);
  });

  it("moves its weights by η (target − output) x", () => {
    const t = trainer(perceptron({ weights: [0.5, -1], bias: 0.2 }), {
      input: ["batch", 2],
      target: ["batch"],
      loss: halfSquaredError,
      optimizer: gradientDescent({ rate: 0.1 }),
    });
    t.step({ inputs: [[2, 3]], targets: [1] });
    // The sum is −1.8, the output 0, the error 1.
    expect(t.get("w1").data[0]).toBeCloseTo(0.7, 15);
    expect(t.get("w2").data[0]).toBeCloseTo(-0.7, 15);
    expect(t.get("b").data[0]).toBeCloseTo(0.3, 15);
  });
});

describe("dropout", () => {
  it("drops a share, scales the rest, and does nothing in prediction", () => {
    const { value, model } = makeLayer(dropout(0.3), { shape: [100, 100], training: true });
    const input = makeLayer(dropout(0.3), { shape: [100, 100] }).value();
    const dropped = value();
    let zeros = 0;
    for (let i = 0; i < 10_000; i++) {
      if (dropped.data[i] === 0) zeros++;
      else expect(dropped.data[i]).toBeCloseTo((input.data[i] as number) / 0.7, 12);
    }
    expect(Math.abs(zeros - 3000)).toBeLessThan(5 * Math.sqrt(2100));
    expect(model.key).toBeDefined();
  });

  it("draws anew in every step of training", () => {
    const t = trainer(sequential(dense(8), dropout(0.5), dense(1)), {
      input: ["batch", 2],
      loss: halfSquaredError,
      optimizer: gradientDescent({ rate: 1e-300 }),
      seed: 1,
    });
    const losses = [1, 2, 3, 4].map(() => t.step(xor).loss);
    expect(new Set(losses).size).toBe(4);
    expect(new Set([1, 2].map(() => t.evaluate(xor).loss)).size).toBe(1);
  });
});

describe("batch norm", () => {
  it("follows running statistics as PyTorch does", () => {
    const t = trainer(batchNorm(), {
      input: ["batch", 1],
      loss: halfSquaredError,
      optimizer: gradientDescent({ rate: 1e-300 }),
    });
    t.step({ inputs: [[1], [3]], targets: [[0], [0]] });
    // Mean 2; variance 1 with n, 2 with n − 1.
    expect(t.get("mean").data[0]).toBeCloseTo(0.2, 14);
    expect(t.get("variance").data[0]).toBeCloseTo(0.9 + 0.1 * 2, 14);
    const [[out]] = t.predict([[1]]) as number[][] as [[number]];
    expect(out).toBeCloseTo((1 - 0.2) / Math.sqrt(1.1 + 1e-5), 12);
  });
});

describe("batch norm of a single example", () => {
  it("keeps its statistics finite, as the last batch of an epoch may hold one", () => {
    const t = trainer(sequential(batchNorm(), dense(1)), {
      input: ["batch", 1],
      loss: halfSquaredError,
      optimizer: gradientDescent({ rate: 0.1 }),
      seed: 1,
    });
    t.step({ inputs: [[3]], targets: [[1]] });
    expect(t.get("batchNorm.mean").data[0]).toBeCloseTo(0.3, 14);
    expect(t.get("batchNorm.variance").data[0]).toBeCloseTo(0.9, 14);
    expect((t.predict([[1]]) as number[][]).flat().every(Number.isFinite)).toBe(true);
  });
});

describe("a running state", () => {
  it("that is not finite fails the step, and is not kept", () => {
    const divided = layer("divided", (x: Expr, scope) => {
      const total = scope.state("total", [], 0);
      total.update(total.value.add(x.sum().pow(-1)));
      return x;
    });
    const t = trainer(sequential(divided, dense(1)), {
      input: ["batch", 1],
      loss: halfSquaredError,
      optimizer: gradientDescent({ rate: 0.1 }),
      seed: 1,
    });
    expect(() => t.step({ inputs: [[1], [-1]], targets: [[0], [0]] })).toThrow(
      "step: loss and new weights must be finite",
    );
    expect(t.get("divided.total").data[0]).toBe(0);
  });
});

describe("norms", () => {
  it("standardise", () => {
    const out = makeLayer(layerNorm({ affine: false }), { shape: [3, 50] }).value();
    for (let row = 0; row < 3; row++) {
      const items = Array.from(out.data.slice(50 * row, 50 * row + 50));
      expect(items.reduce((a, b) => a + b) / 50).toBeCloseTo(0, 12);
      expect(items.reduce((a, b) => a + b * b, 0) / 50).toBeCloseTo(1, 4);
    }
  });
});

describe("sequences", () => {
  const time = variable("s", [1, 4, 1]);
  const values = [[[1], [2], [3], [4]]];
  it("are delayed by one step, by a node that says so", () => {
    const delayed = unitDelay(time);
    expect((evaluate(delayed, { s: values }) as Tensor).toArray()).toEqual([[[0], [1], [2], [3]]]);
    expect(delayed.op.notation).toMatchObject({ latex: "z^{-1}" });
    expect(() => unitDelay(time, 3)).toThrow("unitDelay: the axis must lie in -3 … 2, got 3");
  });

  it("pass a recurrent cell step by step", () => {
    const cell = rnnCell(1, { weight: 1, recurrentWeight: 0.5, bias: 0.25, activation: (z) => z });
    const run = (options: Parameters<typeof recurrent>[1]) => {
      const model = build(recurrent(cell, options), time, { registry: new Registry(undefined) });
      const bindings = new Map<Expr, never>([[time, values as never]]);
      for (const { node, initial } of model.kept.values()) bindings.set(node, initial() as never);
      return (evaluate(model.output, bindings) as Tensor).toArray();
    };
    expect(run({})).toEqual([[[1.25], [2.875], [4.6875], [6.59375]]]);
    expect(run({ returns: "last" })).toEqual([[6.59375]]);
    expect(run({ reverse: true, returns: "last" })).toEqual([[3.71875]]);
  });

  it("know their places", () => {
    const place = build(positionalEncoding(), variable("p", [1, 3, 4]), {
      registry: new Registry(undefined),
    });
    const zero = new Float64Array(12);
    const rows = (evaluate(place.output, { p: zero }) as Tensor).toArray() as number[][][];
    expect(rows[0]?.[0]).toEqual([0, 1, 0, 1]);
    const expected = [Math.sin(2), Math.cos(2), Math.sin(0.02), Math.cos(0.02)];
    for (let i = 0; i < 4; i++) expect(rows[0]?.[2]?.[i]).toBeCloseTo(expected[i] as number, 14);
  });
});
