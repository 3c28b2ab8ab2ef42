import {
  type Expr,
  evaluate,
  grad,
  mean,
  sigmoid,
  square,
  sub,
  Tensor,
  tanh,
} from "@chainrule/core";
import {
  accumulate,
  adam,
  bceWithLogits,
  binaryAccuracy,
  clipByGlobalNorm,
  crossEntropy,
  dense,
  gradientDescent,
  groups,
  type Layer,
  layer,
  momentum,
  mse,
  named,
  plateau,
  sequential,
  type Trainer,
  trainer,
  whenAllWithin,
  whenFlat,
  whenLossBelow,
} from "@chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { line, small, squashed, xor } from "./samples.ts";

const engines = ["compiled", "interpreted"] as const;

async function drain(epochs: AsyncIterable<unknown>): Promise<void> {
  for await (const epoch of epochs) void epoch;
}

function weights<M extends string>(t: Trainer<M>): number[][] {
  return t.parameters.map((path) => Array.from(t.get(path).data));
}

describe.each(engines)("a trainer, %s,", (engine) => {
  it("learns xor, and predicts numbers", async () => {
    const t = trainer(sequential(dense(8), tanh, dense(1)), {
      input: ["batch", 2],
      loss: bceWithLogits,
      optimizer: adam({ rate: 0.1 }),
      seed: 7,
      engine,
    });
    let last = 0;
    for await (const epoch of t.fit(xor, { epochs: 60, validation: xor })) {
      last = epoch.validation.accuracy;
    }
    expect(last).toBe(1);
    const out = t.predict([[0, 1]]) as number[][];
    expect(out[0]?.[0]).toBeGreaterThan(0);
    expect(t.predict(new Tensor([2, 2], new Float64Array(4))).shape).toEqual([2, 1]);
    expect(t.steps).toBe(60);
    expect(t.history.length).toBe(60);
  });

  it("moves parameters against the gradient, as the program says", () => {
    const t = small({ engine, optimizer: gradientDescent({ rate: 0.5 }) });
    const before = t.graph.held.map(({ name }) => [name, t.get(name)] as const);
    const { variables, updates } = t.program;
    const bindings = new Map<Expr, Tensor | number>(
      before.map(([name, value]) => {
        const node = variables[name] as Expr;
        return [node, value.shape.length === 0 ? (value.data[0] as number) : value];
      }),
    );
    const inputs = new Tensor([4, 2], Float64Array.from(xor.inputs.flat()));
    bindings.set(t.graph.inputs["input"] as Expr, inputs);
    bindings.set(t.graph.target, new Tensor([4, 1], Float64Array.from(xor.targets)));
    const { loss } = t.step(xor);
    expect(loss).toBeCloseTo(evaluate(t.graph.loss, bindings) as number, 14);
    for (const { kept, gradient } of t.graph.trained) {
      const [slope, next] = evaluate([gradient, updates.get(kept.node) as Expr], bindings) as [
        Tensor,
        Tensor,
      ];
      const old = bindings.get(kept.node) as Tensor;
      const now = t.get(kept.path);
      for (let i = 0; i < now.data.length; i++) {
        const stepped = (old.data[i] as number) - 0.5 * (slope.data[i] as number);
        expect(now.data[i]).toBeCloseTo(stepped, 14);
        expect(now.data[i]).toBeCloseTo(next.data[i] as number, 14);
      }
    }
  });

  it("weighs batches of unequal size by their rows", async () => {
    const t = small({ engine, optimizer: gradientDescent({ rate: 1e-300 }) });
    const rows = { inputs: [...xor.inputs, [2, 2]], targets: [...xor.targets, 1] };
    for await (const epoch of t.fit(rows, { batch: 2, validation: rows })) {
      expect(epoch.loss).toBeCloseTo(epoch.validation.loss, 12);
      expect(epoch.accuracy).toBeCloseTo(epoch.validation.accuracy, 12);
      expect(epoch.steps).toBe(3);
    }
  });

  it("changes nothing in a step that is not finite, and names node, epoch and batch", async () => {
    const risky = sequential(
      dense(3, tanh),
      layer("risky", (x: Expr) => x.log()),
      dense(1),
    );
    const t = trainer(risky, {
      input: ["batch", 2],
      loss: mse,
      optimizer: momentum({ rate: 0.1 }),
      seed: 1,
      engine,
    });
    const before = t.checkpoint();
    await expect(drain(t.fit(line, { batch: 4, shuffle: false }))).rejects.toThrow(
      /^step: loss and new weights must be finite, got loss NaN in epoch 1, batch 1 from .* log\(.*\), in layer risky; the weights are those of the step before$/,
    );
    expect(t.checkpoint()).toEqual(before);
  });

  it("names the gradient where the loss is finite, and the update where the gradient is", () => {
    const root = layer("root", (x: Expr, scope) => x.mul(scope.parameter("w", [1], 0).sqrt()));
    const make = (model: Layer, rate: number) =>
      trainer(model, {
        input: ["batch", 1],
        loss: mse,
        optimizer: gradientDescent({ rate }),
        seed: 1,
        engine,
      });
    const one = { inputs: [[1]], targets: [[1]] };
    expect(() => make(sequential(root), 0.1).step(one)).toThrow(
      /from the gradient by root\.w: .*not finite.*in layer root/,
    );
    const far = { inputs: [[1e200]], targets: [[1e100]] };
    const t = make(dense(1, undefined, { weight: 0 }), 1e300);
    expect(() => t.step(far)).toThrow("the learning rate is too large");
    expect(t.get("weight").data[0]).toBe(0);
  });

  it("keeps frozen parameters, and trains groups by optimizers of their own", () => {
    const model = sequential(named("first", dense(2, tanh)), named("second", dense(1)));
    const t = trainer(model, {
      input: ["batch", 2],
      loss: bceWithLogits,
      optimizer: groups(
        [{ match: /bias$/, optimizer: gradientDescent({ rate: 1 }) }],
        gradientDescent({ rate: 0.1 }),
      ),
      frozen: "first",
      seed: 1,
      engine,
    });
    const before = new Map(t.parameters.map((path) => [path, t.get(path).data[0] as number]));
    t.step({ inputs: [[1, 1]], targets: [1] });
    const moved = (path: string) => (t.get(path).data[0] as number) - (before.get(path) as number);
    expect(moved("first.weight")).toBe(0);
    expect(moved("first.bias")).toBe(0);
    expect(moved("second.weight")).not.toBe(0);
    // The slope by the bias is σ(x) − 1; that by a weight the same times its input.
    expect(Math.abs(moved("second.bias"))).toBeGreaterThan(Math.abs(moved("second.weight")));
    expect(t.graph.trained.map(({ kept }) => kept.path)).toEqual(["second.weight", "second.bias"]);
  });

  it("accumulates batches into one update, equal to that of the whole", () => {
    const half = { inputs: xor.inputs.slice(0, 2), targets: xor.targets.slice(0, 2) };
    const other = { inputs: xor.inputs.slice(2), targets: xor.targets.slice(2) };
    const whole = small({ engine, optimizer: momentum({ rate: 0.5 }) });
    const parts = small({ engine, optimizer: accumulate(momentum({ rate: 0.5 }), 2) });
    const start = weights(parts);
    parts.step(half);
    expect(weights(parts)).toEqual(start);
    parts.step(other);
    whole.step(xor);
    const [a, b] = [weights(parts).flat(), weights(whole).flat()];
    for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i] as number, 14);
  });

  it("clips gradients before the optimizer", () => {
    const t = small({
      engine,
      optimizer: gradientDescent({ rate: 1 }),
      clip: clipByGlobalNorm(1e-3),
    });
    const before = weights(t).flat();
    t.step({ inputs: [[50, 50]], targets: [0] });
    const moved = weights(t)
      .flat()
      .map((item, i) => item - (before[i] as number));
    const length = Math.hypot(...moved);
    expect(length).toBeLessThanOrEqual(1e-3);
    expect(length).toBeGreaterThan(0.99e-3);
  });

  it("lets players lower losses of their own", () => {
    const game = layer("game", (x: Expr, scope) => ({
      up: scope.parameter("up", [1], 0).add(x.sum().mul(0)),
      down: scope.parameter("down", [1], 0).add(x.sum().mul(0)),
    }));
    type Out = { readonly up: Expr; readonly down: Expr };
    const t = trainer(game, {
      input: ["batch", 1],
      target: ["batch"],
      loss: ({ up }: Out) => up.sum().neg(),
      players: [{ parameters: "down", loss: ({ up, down }: Out) => down.add(up).sum() }],
      optimizer: gradientDescent({ rate: 1 }),
      engine,
    });
    t.step({ inputs: [[1]], targets: [0] });
    expect(t.get("up").data[0]).toBe(1);
    expect(t.get("down").data[0]).toBe(-1);
  });

  it("drives a plateau by the loss after every epoch", async () => {
    const rate = plateau(0.5, { patience: 0, factor: 0.5, threshold: 0.999 });
    const t = small({ engine, optimizer: gradientDescent({ rate }) });
    await drain(t.fit(xor, { epochs: 3 }));
    // The first epoch is the best; each that is not a thousandth of it halves the rate.
    expect(t.get("host 1").data[0]).toBe(0.25);
  });

  it("drives the plateaus of all groups", async () => {
    const rate = plateau(0.5, { patience: 0, factor: 0.5, threshold: 0.999 });
    const own = { match: /bias$/, optimizer: gradientDescent({ rate }) };
    const t = small({ engine, optimizer: groups([own], gradientDescent({ rate: 0.1 })) });
    await drain(t.fit(xor, { epochs: 2 }));
    expect(t.get("host 1").data[0]).toBe(0.5);
  });

  it("has running statistics and fresh randomness in every step", () => {
    const seen: Layer = layer("seen", (x: Expr, scope) => {
      const total = scope.state("total", [], 0);
      total.update(total.value.add(x.sum()));
      return x;
    });
    const t = trainer(sequential(seen, dense(1)), {
      input: ["batch", 2],
      loss: mse,
      optimizer: gradientDescent({ rate: 0.1 }),
      seed: 1,
      engine,
    });
    t.step(xor);
    t.step(xor);
    expect(t.get("seen.total").data[0]).toBe(8);
    t.evaluate(xor);
    expect(t.get("seen.total").data[0]).toBe(8);
  });
});

describe("fit", () => {
  it("restores the best weights when it stops early", async () => {
    const t = small({ optimizer: gradientDescent({ rate: 3 }), seed: 3 });
    const wrong = { inputs: xor.inputs, targets: xor.targets.map((target) => 1 - target) };
    const losses: number[] = [];
    const kept: number[][][] = [];
    let stopped: string | undefined;
    const options = { epochs: 50, validation: wrong, earlyStopping: { patience: 3 } };
    for await (const epoch of t.fit(xor, options)) {
      losses.push(epoch.validation.loss);
      kept.push(weights(t));
      stopped = epoch.stopped;
    }
    const best = losses.indexOf(Math.min(...losses));
    expect(losses.length).toBe(best + 4);
    expect(stopped).toMatch(
      /^validation loss has not improved for 3 epochs; its best was .* in epoch/,
    );
    expect(weights(t)).toEqual(kept[best]);
    expect(weights(t)).not.toEqual(kept.at(-1));
  });

  it("stops for the lecture's reasons", async () => {
    const t = squashed({ optimizer: gradientDescent({ rate: 2 }) });
    const end = async (options: Parameters<typeof t.fit>[1]) => {
      const epochs = await t.train(xor, { epochs: 3000, batch: "all", ...options });
      return epochs.at(-1)?.stopped;
    };
    expect(await end({ stop: whenFlat({ epochs: 5, by: 1 }) })).toBe(
      "the loss has fallen by no more than 1 over 5 epochs",
    );
    expect(await end({ stop: whenLossBelow(0.2) })).toBe("the loss is below 0.2");
    expect(await end({ stop: [whenAllWithin(0.2)] })).toBe(
      "every output is within 0.2 of its target",
    );
    const out = (t.predict(xor.inputs) as number[][]).flat();
    for (const [i, target] of xor.targets.entries()) {
      expect(Math.abs((out[i] as number) - target)).toBeLessThanOrEqual(0.2);
    }
  });

  it("visits every example once an epoch, in an order of the seed", async () => {
    const orders = async (seed: number, shuffle = true) => {
      const seen: number[][] = [];
      const spy = small({ seed });
      const run = spy.runBatch.bind(spy);
      spy.runBatch = (examples, epoch, batch) => {
        seen.push(Array.from((examples.tensors()["input"] as Tensor).data));
        return run(examples, epoch, batch);
      };
      await drain(spy.fit(line, { epochs: 2, batch: 3, shuffle }));
      return seen;
    };
    const [first, again, other, plain] = await Promise.all([
      orders(1),
      orders(1),
      orders(2),
      orders(1, false),
    ]);
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    const epoch = (seen: number[][], from: number) => seen.slice(from, from + 4).flat();
    expect(epoch(plain, 0)).toEqual(line.inputs.flat());
    expect(epoch(first, 0)).not.toEqual(epoch(first, 4));
    expect(epoch(first, 0).toSorted()).toEqual(line.inputs.flat().toSorted());
  });

  it("takes batches from generators, async ones, and functions of the epoch", async () => {
    const t = small();
    const once = function* () {
      yield xor;
      yield xor;
    };
    const later = async function* () {
      yield xor;
    };
    await drain(t.fit(once()));
    await drain(t.fit(later()));
    await drain(t.fit(() => once(), { epochs: 2 }));
    await drain(t.fit([xor, xor]));
    expect(t.steps).toBe(9);
    await expect(drain(t.fit(once(), { epochs: 2 }))).rejects.toThrow(
      "fit: the data must give a batch in every epoch, got none in epoch 7; a generator ends, so pass a function () => batches",
    );
  });

  it("ends between two steps when its signal says so", async () => {
    const t = small();
    const controller = new AbortController();
    const onBatch = ({ batch }: { batch: number }) => {
      if (batch === 3) controller.abort(new Error("enough"));
    };
    const training = drain(
      t.fit(line, { epochs: 9, batch: 1, signal: controller.signal, onBatch }),
    );
    await expect(training).rejects.toThrow("enough");
    expect(t.steps).toBe(3);
  });

  it("gives way to the host when time has passed, and tells progress", async () => {
    const t = small();
    let time = 0;
    let drawn = 0;
    const drawing = setInterval(() => drawn++, 0);
    const progress: number[] = [];
    await drain(
      t.fit(line, {
        epochs: 20,
        batch: 2,
        now: () => (time += 10),
        onBatch: ({ batch, batches, loss }) => {
          progress.push(batch);
          expect(batches).toBe(6);
          expect(loss).toBeGreaterThan(0);
        },
      }),
    );
    clearInterval(drawing);
    expect(progress.slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(drawn).toBeGreaterThan(0);
  });

  it("trains to the same bits with the same seed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.constantFrom(1, 3, "all" as const),
        fc.constantFrom("f32" as const, "f64" as const),
        async (seed, batch, dtype) => {
          const run = async () => {
            const t = small({ seed, dtype, optimizer: adam() });
            await drain(t.fit(line, { epochs: 2, batch, validation: 0.25 }));
            return t.checkpoint();
          };
          expect(await run()).toEqual(await run());
        },
      ),
      { numRuns: 5 },
    );
  });

  it("holds out a share of the examples, the same for the same seed", async () => {
    const t = small();
    for await (const { validation } of t.fit(line, { validation: 0.25, batch: 9 })) {
      expect(validation.loss).toBeGreaterThan(0);
    }
    expect(t.steps).toBe(1);
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
      "rows of unequal length",
      () => small().step({ inputs: [[1, 2], [3]], targets: [0] }),
      "examples: rows must have equal lengths",
    ],
    [
      "unequal counts",
      () => small().step({ inputs: [[1, 2]], targets: [0, 1] }),
      "step: inputs and targets must have equally many rows, got 1 and 2",
    ],
    [
      "empty data",
      () => drain(small().fit({ inputs: [], targets: [] })),
      "fit: inputs must have shape [batch, 2], got [0]",
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
      "fit: there must be an example, got none",
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

describe("the step as a program", () => {
  it("is a graph with names, scopes and updates", () => {
    const t = small({ optimizer: adam() });
    const { program } = t;
    expect(Object.keys(program.definitions)).toEqual(["loss", "finite", "metric accuracy"]);
    expect(program.updates.size).toBe(3 * 4 + 1);
    const weight = program.variables["dense.weight"] as Expr;
    expect(program.scopes.get(weight)).toEqual(["dense"]);
    expect(t.graph.trained[0]?.gradient).toBe(grad(program.result, weight));
  });

  it("measures what it is told besides the loss", () => {
    const t = trainer(dense(1), {
      input: ["batch", 2],
      loss: (output: Expr, target: Expr) => mean(square(sub(output, target))),
      metrics: { right: binaryAccuracy() },
      optimizer: adam(),
      seed: 1,
    });
    const { loss, right } = t.step(xor);
    expect(loss).toBeGreaterThan(0);
    expect([0, 0.25, 0.5, 0.75, 1]).toContain(right);
  });
});
