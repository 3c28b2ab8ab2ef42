import { relu, tanh } from "@chainrule/core";
import { torch } from "@chainrule/interop/torch";
import {
  adam,
  bceWithLogits,
  circles,
  clipByGlobalNorm,
  dense,
  type Examples,
  sequential,
  type Trainer,
  trainer,
} from "@chainrule/nn";
import { expect, it } from "vitest";
import { describeWith } from "../../support/requireTool.ts";

function classifier(dtype: "f64" | "f32"): Trainer<string> {
  return trainer(sequential(dense(8, relu), dense(8, tanh), dense(1)), {
    input: ["batch", 2],
    loss: bceWithLogits,
    optimizer: adam({ rate: 0.01 }),
    clip: clipByGlobalNorm(1),
    seed: 7,
    dtype,
  }) as unknown as Trainer<string>;
}

const data: Examples = circles({ points: 90, seed: 1 });

/** Losses and metrics, epoch after epoch. */
async function curve(
  t: Trainer<string>,
  processes: number | undefined,
  more: { readonly epochs?: number } = {},
): Promise<readonly number[]> {
  const options = { epochs: 4, batch: 17, ...more };
  const history = await t.train(
    data,
    processes === undefined ? options : { ...options, engine: torch({ processes }) },
  );
  return history.flatMap((epoch) => [
    epoch.loss,
    (epoch as never as { accuracy: number }).accuracy,
  ]);
}

function near(given: readonly number[], wanted: readonly number[], tolerance: number): void {
  expect(given).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) {
    expect(Math.abs((given[i] as number) - value)).toBeLessThan(tolerance);
  }
}

describeWith("torch", "training by PyTorch", () => {
  it.each([
    ["f64", 1e-9, [1, 2]],
    ["f32", 1e-4, [2]],
  ] as const)("follows our own curve in %s to %d, processes: %j", async (dtype, tolerance, all) => {
    const own = classifier(dtype);
    const wanted = await curve(own, undefined);
    for (const processes of all) {
      const t = classifier(dtype);
      near(await curve(t, processes), wanted, tolerance);
      expect(t.epoch).toBe(4);
      expect(t.steps).toBe(own.steps);
      for (const { name } of t.graph.held) {
        near([...t.get(name).data], [...own.get(name).data], tolerance);
      }
    }
  });

  it("shares batches that are smaller than the number of processes", async () => {
    const few = circles({ points: 7, seed: 1 });
    const options = { epochs: 2, batch: 1 };
    const own = await classifier("f64").train(few, options);
    const shared = await classifier("f64").train(few, {
      ...options,
      engine: torch({ processes: 2 }),
    });
    near(
      shared.map(({ loss }) => loss),
      own.map(({ loss }) => loss),
      1e-9,
    );
  });

  it("ends when it is told to", async () => {
    const t = classifier("f64");
    const stop = new AbortController();
    const onEpoch = (): void => stop.abort(new Error("enough"));
    const engine = torch({ processes: 2 });
    const training = t.train(data, { epochs: 10_000, engine, onEpoch, signal: stop.signal });
    await expect(training).rejects.toThrow("enough");
    expect(t.epoch).toBe(1);
  });
});
