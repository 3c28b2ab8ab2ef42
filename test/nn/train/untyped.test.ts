import { type Expr, sum, Tensor } from "@chainrule/core";
import {
  adam,
  attribute,
  conv2d,
  cosineDecay,
  crossEntropy,
  defineOptimizer,
  dense,
  embedding,
  flatten,
  gradientDescent,
  groups,
  layer,
  lstmCell,
  momentum,
  mse,
  multiHeadAttention,
  type Optimizer,
  penalised,
  recurrent,
  sequential,
  stepDecay,
  trainer,
  transformerBlock,
  whenAllWithin,
  whenFlat,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { small, xor } from "./samples.ts";

/** A trainer as a program without types might ask for one. */
function make(options: object, model: unknown = sequential(dense(1))) {
  const all = { input: ["batch", 2], loss: mse, optimizer: adam(), seed: 1, ...options };
  return trainer(model as never, all as never);
}

function update(next: (parameter: Expr) => Expr): Optimizer {
  const slots = { mean: { initial: 0 } };
  return defineOptimizer({
    name: "own",
    rate: 1,
    settings: {},
    slots,
    update: ({ parameter }) => ({ next: next(parameter), slots: {} as never }),
  });
}

describe("where no compiler looks, a mistake says what to write", () => {
  it.each<[string, () => unknown, string]>([
    [
      "no options",
      () => trainer(dense(1) as never, undefined as never),
      "trainer: options must be an object of input, loss, optimizer, seed",
    ],
    [
      "a name of another library",
      () => make({ optimiser: adam() }),
      'an option must be one of input, loss, optimizer, seed, metrics, target, dtype, frozen, players, clip, engine, got "optimiser"',
    ],
    [
      "an input that is no shape",
      () => make({ input: 2 }),
      'trainer: input must be a shape such as ["batch", 2], or several by name, got 2',
    ],
    [
      "a target that is no shape",
      () => make({ target: 1 }),
      'trainer: target must be a shape such as ["batch", 1], got 1',
    ],
    ["a loss by name", () => make({ loss: "mse" }), 'such as mse, got "mse"'],
    [
      "a loss that is no expression",
      () => make({ loss: () => 3 }),
      "trainer: the loss must give an expression, got 3",
    ],
    [
      "an optimizer that was not made",
      () => make({ optimizer: adam }),
      "trainer: optimizer must be made by a call such as adam(), got a function",
    ],
    ["no optimizer", () => make({ optimizer: undefined }), "such as adam(), got undefined"],
    [
      "clipping by a number",
      () => make({ clip: 1 }),
      "trainer: clip must be made by a call such as clipByGlobalNorm(1), got 1",
    ],
    [
      "a frozen layer that is not there",
      () => make({ frozen: ["dense", "encoder"] }),
      'trainer: frozen: must fit a parameter, one of dense.weight, dense.bias, got "encoder"',
    ],
    ["a frozen pattern of nothing", () => make({ frozen: /w$/ }), "dense.bias, got /w$/"],
    ["frozen by a number", () => make({ frozen: 3 }), "a function of the path, got 3"],
    [
      "players without parameters",
      () => make({ players: [{ parameters: "judge", loss: mse }] }),
      'trainer: parameters of players: must fit a parameter, one of dense.weight, dense.bias, got "judge"',
    ],
    ["a layer that was not made", () => make({}, flatten), "must be called first, such as flatten"],
    ["a cell", () => make({}, lstmCell(2)), "got a cell; write recurrent(cell)"],
    [
      "a layer without output",
      () => make({}, layer("quiet", (() => undefined) as never)),
      "quiet: must be given or give expressions, got undefined",
    ],
    [
      "one output for two classes",
      () => make({ loss: crossEntropy }),
      "crossEntropy: the last axis of the output must hold two classes or more, got [batch, 1]; one output for two classes takes bceWithLogits",
    ],
    [
      "settings of another library",
      () => adam({ lr: 0.1 } as never),
      'adam: an option must be one of rate, beta1, beta2, epsilon, weightDecay, got "lr"',
    ],
    ["a rate alone", () => gradientDescent(0.1 as never), "gradientDescent: options must be an"],
    ["momentum's names", () => momentum({ rate: 1, mu: 1 } as never), 'got "mu"'],
    ["a penalty's names", () => penalised(adam(), { L2: 1 } as never), 'got "L2"'],
    [
      "a layer's names of another library",
      () => dense(1, undefined, { useBias: false } as never),
      'dense: an option must be one of weight, bias, got "useBias"',
    ],
    [
      "a convolution's",
      () => conv2d(3, 3, { strides: 2 } as never),
      'conv2d: an option must be one of stride, padding, dilation, groups, activation, weight, bias, got "strides"',
    ],
    [
      "a block without heads",
      () => transformerBlock(undefined as never),
      "transformerBlock: options must be an object of heads, hidden, activation, dropout, causal, norm, got undefined",
    ],
    ["attention by number", () => multiHeadAttention(2, 8 as never), "options must be an object"],
    [
      "a sequence's names",
      () => recurrent(lstmCell(2), { returnSequences: true } as never),
      'lstm: an option must be one of returns, reverse, checkpoint, got "returnSequences"',
    ],
    [
      "a schedule without steps",
      () => cosineDecay(0.1, undefined as never),
      "cosineDecay: options must be an object of steps, end, got undefined",
    ],
    [
      "a schedule's names",
      () => stepDecay(0.1, { every: 2, gamma: 0.5 } as never),
      'stepDecay: an option must be one of every, factor, got "gamma"',
    ],
    [
      "groups without the rest",
      () => groups([{ match: "dense", optimizer: adam() }], undefined as never),
      "groups: the last argument must be the optimizer of all other parameters, such as adam() or frozen, got undefined",
    ],
    [
      "an update of another shape",
      () => make({ optimizer: update(sum) }),
      "own: an update must give f64[2, 1] for dense.weight, got f64[]",
    ],
    [
      "an update without its slot",
      () => make({ optimizer: update((parameter) => parameter) }),
      "own: an update must give f64[2, 1] for the slot mean of dense.weight, got undefined",
    ],
    [
      "epoch for epochs",
      () =>
        small()
          .fit(xor, { epoch: 3 } as never)
          .next(),
      'fit: an option must be one of epochs, batch, validation, earlyStopping, stop, shuffle, onEpoch, onBatch, engine, signal, yieldEvery, now, end, got "epoch"',
    ],
    [
      "early stopping by a number",
      () =>
        small()
          .fit(xor, { validation: xor, earlyStopping: 5 as never })
          .next(),
      "fit: earlyStopping: options must be an object of patience, monitor, mode, minDelta, got 5",
    ],
    [
      "several outputs for a loss of one",
      () =>
        make(
          {},
          layer("two", (x: Expr) => ({ a: x, b: x }) as never),
        ),
      "mse: the output must be one expression, got an object {a, b}; a model of several outputs takes a loss of one's own",
    ],
    [
      "a rule by name",
      () =>
        small()
          .fit(xor, { stop: "flat" as never })
          .next(),
      'fit: stop must be a rule such as whenFlat({ epochs: 5 }), got "flat"',
    ],
    [
      "a callback by name",
      () =>
        small()
          .fit(xor, { onEpoch: "log" as never })
          .next(),
      'fit: onEpoch must be a function, got "log"',
    ],
    [
      "a signal that is none",
      () =>
        small()
          .fit(xor, { signal: new AbortController() as never })
          .next(),
      "fit: signal must be that of an AbortController, got a AbortController",
    ],
    [
      "a distance that is none",
      () => whenAllWithin(Number.NaN),
      "whenAllWithin: ε must be a number ≥ 0, got NaN",
    ],
    [
      "distances of batches",
      () => small().train([xor], { stop: whenAllWithin(0.1) }),
      "whenAllWithin: the examples must be given as { inputs, targets }, got batches",
    ],
    [
      "distances of labels",
      () => make({ loss: crossEntropy }, dense(2)).train(xor, { stop: whenAllWithin(0.1) }),
      "whenAllWithin: every output must have a target of its own, got 8 outputs and 4 targets; for classes write whenLossBelow",
    ],
    [
      "flat over no epochs",
      () => whenFlat({ epochs: 0 }),
      "whenFlat: epochs must be a whole number ≥ 1, got 0",
    ],
    [
      "attribution to indices",
      () =>
        attribute(
          make(
            { input: { shape: ["batch", 2], dtype: "i32" } },
            sequential(embedding(3, 2), flatten(), dense(1)),
          ),
          [[0, 2]],
        ),
      "attribute: the input must be f64 or f32, got indices of i32; give a model of what the embedding gives",
    ],
    [
      "numbers as text",
      () => small().step({ inputs: [["1", 2]] as never, targets: [1] }),
      'step: inputs: elements must be numbers, got "1"',
    ],
    [
      "a hole",
      () => small().predict([[1, undefined]] as never),
      "predict: inputs: elements must be numbers, got undefined",
    ],
    [
      "a list for a tensor",
      () => small().set("dense.bias", [0, 0, 0] as never),
      "set: dense.bias must be a tensor of shape [3], got an array of 3",
    ],
  ])("%s", async (_name, given, message) => {
    await expect((async () => given())()).rejects.toThrow(message);
  });
});

describe("selection by path", () => {
  it("takes a global pattern for every path, in frozen and in groups", () => {
    const model = sequential(dense(2), dense(2), dense(1));
    const before = make({ frozen: /weight/g }, model);
    before.step(xor);
    const start = make({}, model);
    for (const path of ["dense.weight", "dense2.weight", "dense3.weight"]) {
      expect(before.get(path).data).toEqual(start.get(path).data);
    }
    const slow = gradientDescent({ rate: 1e-300 });
    const t = make(
      { optimizer: groups([{ match: "dense2", optimizer: slow }], gradientDescent({ rate: 1 })) },
      model,
    );
    t.step(xor);
    expect(t.get("dense2.weight").data).toEqual(start.get("dense2.weight").data);
    expect(t.get("dense3.weight").data).not.toEqual(start.get("dense3.weight").data);
  });
});

describe.each(["compiled", "interpreted"] as const)("data a step cannot take, %s", (engine) => {
  const classes = () => make({ loss: crossEntropy, engine }, sequential(dense(3)));

  it("names the label, and keeps the weights", () => {
    const t = classes();
    const good = { inputs: [[1, 2]], targets: [2] };
    t.step(good);
    const kept = t.get("dense.weight").data;
    const wrong = { inputs: [[1, 2]], targets: [3] };
    const sentence =
      "crossEntropy: class indices must be whole numbers 0 … 2 for an output of 3 classes, got 3 at [0]";
    expect(() => t.step(wrong)).toThrow(`step: ${sentence}`);
    expect(() => t.evaluate(wrong)).toThrow(`evaluate: ${sentence}`);
    expect(t.get("dense.weight").data).toEqual(kept);
    expect(t.steps).toBe(1);
    expect(t.step(good).loss).toBeLessThan(classes().step(good).loss);
  });

  it("names the row that is not finite", () => {
    const t = classes();
    const rows = [
      [1, 2],
      [Number.NaN, 1],
    ];
    expect(() => t.step({ inputs: rows, targets: [0, 1] })).toThrow(
      "step: loss and new weights must be finite, got loss NaN from the data: input must be finite numbers, got NaN in row 1; clean the data first; the weights are those of the step before",
    );
    expect(() => t.evaluate({ inputs: rows, targets: [0, 1] })).toThrow(
      "evaluate: input must be finite numbers, got NaN in row 1; clean the data first",
    );
    expect(t.predict(new Tensor([1, 2], Float64Array.of(1, 2))).data.every(Number.isFinite)).toBe(
      true,
    );
  });

  it("names the layer that a token is out of range of", () => {
    const t = trainer(sequential(embedding(5, 2), flatten(), dense(3)), {
      input: { shape: ["batch", 2], dtype: "i32" },
      loss: crossEntropy,
      optimizer: gradientDescent({ rate: 0.1 }),
      seed: 1,
      engine,
    });
    const sentence = "take: indices must lie in 0 … 4, got 7 in layer embedding";
    const inputs = new Tensor([1, 2], Int32Array.of(1, 7));
    expect(() => t.step({ inputs, targets: [0] })).toThrow(sentence);
    expect(() => t.predict(inputs)).toThrow(sentence);
    expect(() => t.evaluate({ inputs, targets: [0] })).toThrow(sentence);
  });
});
