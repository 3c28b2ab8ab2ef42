import { type Expr, leakyRelu, relu, sigmoid, square, sum, Tensor, tanh } from "@chainrule/core";
import {
  adam,
  attribute,
  batchNorm,
  conv1d,
  conv2d,
  dense,
  diagnose,
  excite,
  flatten,
  gradientDescent,
  halfSquaredError,
  heNormal,
  type LayerLike,
  layer,
  maxPool1d,
  mse,
  sequential,
  summary,
  trainer,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { line, small, xor } from "../train/samples.ts";

function make(model: LayerLike, inputs = 2) {
  return trainer(model, {
    input: ["batch", inputs],
    loss: mse,
    optimizer: gradientDescent({ rate: 0.1 }),
    seed: 1,
  });
}

function deep(depth: number, activation: LayerLike, weight = {}) {
  const layers = Array.from({ length: depth }, () => dense(8, activation, weight));
  return make(sequential(...layers, dense(1, undefined, weight)));
}

describe("summary", () => {
  it("lists layers, outputs and parameters", () => {
    const t = trainer(
      sequential(conv2d(8, 3, { activation: relu }), batchNorm(), flatten(), dense(10)),
      {
        input: ["batch", 1, 28, 28],
        loss: mse,
        optimizer: adam(),
        frozen: "conv2d",
        seed: 1,
      },
    );
    const { text, parameters, trained, state } = summary(t);
    expect(parameters).toBe(8 * 9 + 8 + 16 + 10 * (8 * 26 * 26) + 10);
    expect(trained).toBe(parameters - 80);
    expect(state).toBe(16);
    expect(text).toBe(
      [
        "layer        made with              output              parameters",
        "conv2d.relu                         [batch, 8, 26, 26]",
        "conv2d       filters 8, kernel 3×3  [batch, 8, 26, 26]          80",
        "batchNorm                           [batch, 8, 26, 26]          16",
        "flatten                             [batch, 5408]",
        "dense        outputs 10             [batch, 10]             54,090",
        "54,186 parameters, 54,106 trained, 16 of state",
      ].join("\n"),
    );
  });
});

describe("diagnose", () => {
  it("measures layers and parameters, and changes nothing", () => {
    const t = small();
    const before = t.checkpoint();
    const { loss, layers, parameters, sentences } = diagnose(t, xor);
    expect(loss).toBeCloseTo(t.evaluate(xor).loss, 12);
    expect(layers.map(({ path }) => path)).toEqual(["dense", "tanh", "dense2"]);
    expect(parameters.map(({ path }) => path)).toEqual(t.parameters);
    for (const { gradient, deviation } of layers) {
      expect(gradient).toBeGreaterThan(0);
      expect(deviation).toBeGreaterThan(0);
    }
    expect(sentences).toEqual([]);
    expect(t.checkpoint()).toEqual(before);
  });

  it("counts the channels of convolved signals, and the last axis of sequences", () => {
    const signals = (model: LayerLike) =>
      trainer(sequential(model, flatten(), dense(1)), {
        input: ["batch", 3, 5],
        loss: mse,
        optimizer: gradientDescent({ rate: 0.1 }),
        seed: 1,
      });
    const inputs = [0, 1].map((n) => [0, 1, 2].map((i) => [0, 1, 2, 3, 4].map((j) => n + i - j)));
    const examples = { inputs, targets: [0, 1] };
    const units = (model: LayerLike) =>
      diagnose(signals(model), examples).layers.find(({ dead }) => dead !== undefined)?.dead?.of;
    expect(units(conv1d(7, 2, { activation: relu }))).toBe(7);
    expect(units(sequential(conv1d(7, 2), batchNorm(), relu))).toBe(7);
    expect(units(sequential(conv1d(7, 2), maxPool1d(2), relu))).toBe(7);
    expect(units(dense(6, relu))).toBe(6);
    const start = new Tensor([1, 3, 5], new Float64Array(15).fill(1));
    expect(() => excite(signals(conv1d(7, 2)), { layer: "conv1d", unit: 7, start })).toThrow(
      "excite: the unit must be one of 7, from 0, got 7",
    );
  });

  it("finds dead units, and that leaky ones are not", () => {
    const bias = [-100, 1, 1, -100];
    const dead = make(sequential(dense(4, relu, { bias }), dense(1)));
    const found = diagnose(dead, xor);
    expect(found.layers[0]?.dead).toEqual({ units: 2, of: 4 });
    expect(found.layers[0]?.flat?.map((share) => share === 1)).toEqual([true, false, false, true]);
    expect(found.sentences[0]).toMatch(
      /^dense\.relu: 2 of 4 units are dead, 0 for every example; try leakyRelu/,
    );
    const leaky = make(sequential(dense(4, leakyRelu, { bias }), dense(1)));
    expect(diagnose(leaky, xor).layers[0]?.dead).toEqual({ units: 0, of: 4 });
  });

  it("finds saturated units", () => {
    const { layers, sentences } = diagnose(
      make(sequential(dense(4, tanh, { bias: 20 }), dense(1, sigmoid))),
      xor,
    );
    expect(layers[0]?.saturated).toBe(1);
    expect(layers[0]?.flat?.every((share) => share === 1)).toBe(true);
    expect(layers.at(-1)?.saturated).toBe(0);
    expect(sentences[0]).toMatch(/^dense\.tanh: 100 % of the outputs are saturated/);
  });

  it("finds gradients that vanish with sigmoid, and not with relu and He's values", () => {
    const vanishing = diagnose(deep(10, sigmoid), line);
    expect(vanishing.ratio).toBeLessThan(1e-3);
    expect(vanishing.sentences.join()).toMatch(
      /gradients vanish: the gradient by dense\.weight is/,
    );
    const healthy = diagnose(deep(10, relu, { weight: heNormal() }), line);
    expect(healthy.ratio).toBeGreaterThan(0.1);
    expect(healthy.sentences.join()).not.toMatch(/vanish/);
  });

  it("finds gradients that explode", () => {
    const growing = layer("growing", (x: Expr, scope) => {
      const first = scope.parameter("first", [2, 2], 1);
      const last = scope.parameter("last", [2, 1], 1e-6);
      return x.matmul(first).mul(1e6).matmul(last.mul(1e-6).add(1));
    });
    expect(diagnose(make(growing), xor).sentences.join()).toMatch(/gradients explode/);
  });
});

describe("attribute", () => {
  const quadratic = layer("quadratic", (x: Expr) => sum(square(x), 1));
  const inputs = new Tensor([2, 3], Float64Array.of(1, 2, 3, -1, 0.5, 0));

  it("gives gradients and their products with the input", () => {
    const t = trainer(quadratic, {
      input: ["batch", 3],
      loss: mse,
      optimizer: adam(),
    });
    const gradient = attribute(t, inputs, { method: "gradient" });
    expect(Array.from(gradient.values.data)).toEqual([2, 4, 6, -2, 1, 0]);
    const times = attribute(t, inputs, { method: "gradientTimesInput" });
    expect(Array.from(times.values.data)).toEqual([2, 8, 18, 2, 0.5, 0]);
    expect(Array.from(times.outputs)).toEqual([14, 1.25]);
    const integrated = attribute(t, inputs);
    for (const [i, value] of [1, 4, 9, 1, 0.25, 0].entries()) {
      expect(integrated.values.data[i]).toBeCloseTo(value, 12);
    }
    expect(integrated.gap).toBeLessThan(1e-12);
  });

  it("adds up to the difference of outputs, for any network and any unit", () => {
    const t = make(sequential(dense(6, tanh), dense(3)), 3);
    for (const target of [0, 1, 2]) {
      const { gap, outputs, values } = attribute(t, inputs, { target, baseline: 0.25 });
      expect(gap).toBeLessThan(1e-3);
      expect(values.shape).toEqual([2, 3]);
      const own = t.predict(inputs).data;
      expect(outputs[1]).toBeCloseTo(own[3 + target] as number, 12);
    }
  });

  it("refuses what it cannot explain", () => {
    const t = make(dense(2), 3);
    expect(() => attribute(t, inputs, { target: 2 })).toThrow(
      "attribute: the target must be one of 2 outputs, from 0, got 2",
    );
    expect(() => attribute(t, inputs, { steps: 0 })).toThrow("attribute: steps must be a whole");
    expect(() => attribute(t, inputs, { method: "magic" as never })).toThrow("attribute: method");
  });
});

describe("excite", () => {
  it("finds the direction of a unit's weights", () => {
    const weight = [
      [3, 0],
      [4, 1],
    ];
    const t = make(dense(2, tanh, { weight }));
    const start = new Tensor([1, 2], Float64Array.of(0.5, -1));
    const { input, before, after } = excite(t, { unit: 0, start, radius: 1, rate: 0.05 });
    expect(after).toBeGreaterThan(before);
    expect(input.data[0]).toBeCloseTo(0.6, 1);
    expect(input.data[1]).toBeCloseTo(0.8, 1);
    const inner = excite(t, { layer: "tanh", unit: 1, start });
    expect(inner.after).toBeGreaterThan(inner.before);
    // More elements than a call has room for arguments.
    const wide = new Tensor([1, 200_000], new Float64Array(200_000).fill(1));
    const large = trainer(dense(1, undefined, { weight: 1 }), {
      input: ["batch", 200_000],
      loss: halfSquaredError,
      optimizer: gradientDescent({ rate: 0.1 }),
    });
    expect(excite(large, { unit: 0, start: wide, steps: 1 }).after).toBeCloseTo(2e5, 6);
    expect(() => excite(t, { layer: "conv", unit: 0, start })).toThrow(
      'excite: the layer must be one of tanh, got "conv"',
    );
    expect(() => excite(t, { unit: 2, start })).toThrow("excite: the unit must be one of 2");
  });
});
