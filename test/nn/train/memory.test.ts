import { tanh } from "@chainrule/core";
import { adam, bceWithLogits, dense, sequential, trainer } from "@chainrule/nn";
import { expect, it } from "vitest";
import { line } from "./samples.ts";

it("training needs no more memory after 100,000 steps than after 20,000", async () => {
  const t = trainer(sequential(dense(4), tanh, dense(1)), {
    input: ["batch", 2],
    loss: bceWithLogits,
    optimizer: adam(),
    seed: 1,
  });
  const steps = async (count: number) => {
    for (let done = 0; done < count; done += 12 * 50) {
      for await (const epoch of t.fit(line, { epochs: 50, batch: 1 })) void epoch;
      t.history.length = 0;
    }
    globalThis.gc?.();
    return process.memoryUsage();
  };
  const before = await steps(20_000);
  const after = await steps(80_000);
  const grown = (kind: "heapUsed" | "arrayBuffers") => after[kind] - before[kind];
  expect(globalThis.gc).toBeDefined();
  expect(grown("heapUsed")).toBeLessThan(1e6);
  expect(grown("arrayBuffers")).toBeLessThan(1e5);
  expect(t.steps).toBeGreaterThan(100_000);
});
