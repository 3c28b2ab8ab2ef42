import type { Tensor } from "@chainrule/core";
import {
  adam,
  gradientDescent,
  type Trainer,
  whenAllWithin,
  whenFlat,
  whenLossBelow,
} from "@chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { line, small, squashed, xor } from "./samples.ts";

async function drain(epochs: AsyncIterable<unknown>): Promise<void> {
  for await (const epoch of epochs) void epoch;
}

function weights<M extends string>(t: Trainer<M>): number[][] {
  return t.parameters.map((path) => Array.from(t.get(path).data));
}

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
