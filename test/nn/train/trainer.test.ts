import { type Expr, evaluate, grad, mean, square, sub, Tensor, tanh } from "@chainrule/core";
import {
  accumulate,
  adam,
  bceWithLogits,
  binaryAccuracy,
  clipByGlobalNorm,
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
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { line, small, xor } from "./samples.ts";

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

  it("drives a plateau by a metric that ceases to rise", async () => {
    const settings = { patience: 0, factor: 0.5, threshold: 10 };
    for (const of of [{ monitor: "accuracy" }, { mode: "max" }] as const) {
      const rate = plateau(0.5, { ...settings, ...of });
      const t = small({ engine, optimizer: gradientDescent({ rate }) });
      await drain(t.fit(xor, { epochs: 3 }));
      // No accuracy is eleven times the first one's.
      expect(t.get("host 1").data[0]).toBe(0.25);
    }
    const rate = plateau(0.5, { monitor: "recall" });
    const t = small({ engine, optimizer: gradientDescent({ rate }) });
    await expect(drain(t.fit(xor))).rejects.toThrow(
      'fit: the monitor of a schedule must be one of loss, accuracy, got "recall"',
    );
    expect(t.steps).toBe(0);
    expect(() => plateau(0.5, { mode: "most" as never })).toThrow('must be "min" or "max"');
  });

  it("has a plateau to itself, whoever else was made with it", async () => {
    const optimizer = gradientDescent({
      rate: plateau(0.5, { patience: 0, factor: 0.5, threshold: 0.999 }),
    });
    const make = () => small({ engine, optimizer });
    const first = make();
    await drain(first.fit(xor, { epochs: 4 }));
    const second = make();
    await drain(second.fit(xor, { epochs: 4 }));
    expect(first.get("host 1").data[0]).toBe(0.125);
    expect(second.checkpoint()).toEqual(first.checkpoint());
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
