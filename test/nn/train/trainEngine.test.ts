import { tanh } from "@chainrule/core";
import {
  dense,
  gradientDescent,
  mse,
  sequential,
  type TrainEngine,
  type Trainer,
  trainer,
} from "@chainrule/nn";
import { describe, expect, it } from "vitest";

const data = {
  inputs: Array.from({ length: 10 }, (_, i) => [i / 10, (i * i) / 100]),
  targets: Array.from({ length: 10 }, (_, i) => [(3 * i) / 20]),
};

function made(): Trainer<never> {
  return trainer(sequential(dense(3, tanh), dense(1)), {
    input: ["batch", 2],
    loss: mse,
    optimizer: gradientDescent({ rate: 0.1 }),
    seed: 3,
  });
}

/** Another trainer of the same kind, which takes the steps and gives its state back. */
function helper(log: string[] = []): TrainEngine {
  return {
    name: "helper",
    async *train({ trainer: t, examples, count, batch, epochs, order }) {
      const other = made();
      for (const { name } of t.graph.held) other.set(name, t.get(name));
      try {
        for (let epoch = t.epoch + 1, last = t.epoch + epochs; epoch <= last; epoch++) {
          let sum = 0;
          const rows = [...order(epoch)];
          for (let start = 0; start < count; start += batch) {
            const part = rows.slice(start, start + batch);
            const pick = (name: string): number[][] => {
              const all = examples[name]?.toArray() as number[][];
              return part.map((row) => all[row] as number[]);
            };
            const { loss } = other.step({ inputs: pick("input"), targets: pick("target") });
            sum += loss * part.length;
          }
          for (const { name } of t.graph.held) t.set(name, other.get(name));
          yield { result: { loss: sum, totals: {} }, rows: count };
        }
      } finally {
        log.push("ended");
      }
    },
  };
}

describe("an engine of training", () => {
  it("takes the steps of fit, in the same order, and fit does the rest", async () => {
    const own = made();
    const sent = made();
    const options = { epochs: 4, batch: 3, validation: 0.2 };
    const losses = (await own.train(data, options)).map(({ loss }) => loss);
    const theirs = (await sent.train(data, { ...options, engine: helper() })).map((e) => e.loss);
    for (const [i, loss] of losses.entries()) expect(theirs[i]).toBeCloseTo(loss, 14);
    expect(sent.epoch).toBe(4);
    expect(sent.history.at(-1)?.validation?.loss).toBeCloseTo(
      own.history.at(-1)?.validation?.loss as number,
      14,
    );
  });

  it("is ended when training stops early", async () => {
    const log: string[] = [];
    const t = made();
    const stop = (): string => "enough";
    await t.train(data, { epochs: 5, stop, engine: helper(log) });
    expect(t.epoch).toBe(1);
    expect(log).toEqual(["ended"]);
  });

  it("needs the examples themselves, and every epoch", async () => {
    const batches = [data];
    const t = made();
    await expect(t.train(batches, { engine: helper() })).rejects.toThrow(
      "fit: the engine helper needs the examples themselves, got batches; give { inputs, targets }",
    );
    const idle: TrainEngine = { name: "idle", async *train() {} };
    await expect(t.train(data, { engine: idle })).rejects.toThrow(
      "fit: the engine idle must give every epoch, got fewer",
    );
  });
});
