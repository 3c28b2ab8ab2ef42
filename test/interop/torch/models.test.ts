import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { relu, Tensor } from "@chainrule/core";
import { exportTraining, findPython, torch } from "@chainrule/interop/torch";
import * as nn from "@chainrule/nn";
import { decode } from "@chainrule/safetensors";
import { expect, it } from "vitest";
import { describeWith } from "../../support/requireTool.ts";

/** Numbers that repeat no simple pattern. */
function numbers(...shape: number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return new Tensor(
    shape,
    Float64Array.from({ length: count }, (_, i) => Math.sin(1 + 1.7 * i)),
  );
}

function whole(below: number, ...shape: number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return new Tensor(
    shape,
    Int32Array.from({ length: count }, (_, i) => (i * 7 + (i >> 2)) % below),
  );
}

interface Made {
  readonly make: () => nn.Trainer<never>;
  readonly data: nn.Examples;
}

const made = (make: () => unknown, data: nn.Examples): Made => ({ make: make as never, data });

/** Layers that differ in what they are exported to: convolutions, statistics, masks, loops, tables. */
const models: Readonly<Record<string, Made>> = {
  images: made(
    () =>
      nn.trainer(
        nn.sequential(
          nn.conv2d(3, 3, { padding: "same" }),
          relu,
          nn.maxPool2d(2),
          nn.batchNorm(),
          nn.flatten(),
          nn.dropout(0.25),
          nn.dense(3),
        ),
        {
          input: ["batch", 1, 6, 6],
          loss: nn.crossEntropy,
          optimizer: nn.momentum({ rate: 0.05, momentum: 0.9 }),
          seed: 2,
        },
      ),
    { inputs: numbers(20, 1, 6, 6), targets: whole(3, 20) },
  ),
  sequences: made(
    () =>
      nn.trainer(nn.sequential(nn.recurrent(nn.lstmCell(4), { returns: "last" }), nn.dense(1)), {
        input: ["batch", 5, 2],
        loss: nn.mse,
        optimizer: nn.accumulate(nn.adamw({ rate: 0.01 }), 2),
        seed: 2,
        frozen: "dense.bias",
      }),
    { inputs: numbers(16, 5, 2), targets: numbers(16, 1) },
  ),
  attention: made(
    () =>
      nn.trainer(
        nn.sequential(
          nn.embedding(7, 4),
          nn.encoder(1, { heads: 2, hidden: 8 }) as never,
          nn.dense(7),
        ),
        {
          input: { shape: ["batch", 4], dtype: "i32" },
          loss: nn.crossEntropy,
          optimizer: nn.lion({ rate: 0.003 }),
          seed: 2,
        },
      ),
    { inputs: whole(7, 12, 4), targets: whole(7, 12, 4) },
  ),
};

function near(given: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(given).toHaveLength(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    expect(Math.abs((given[i] as number) - (wanted[i] as number))).toBeLessThan(1e-9);
  }
}

describeWith("torch", "models in PyTorch", () => {
  it.each(Object.entries(models))(
    "%s are trained as by our own engine",
    async (_name, { make, data }) => {
      const own = make();
      const wanted = await own.train(data, { epochs: 3, batch: 8 });
      const t = make();
      const found = await t.train(data, { epochs: 3, batch: 8, engine: torch({ processes: 1 }) });
      near(
        found.map(({ loss }) => loss),
        wanted.map(({ loss }) => loss),
      );
      for (const { name } of t.graph.held) near(t.get(name).data, own.get(name).data);
    },
  );

  it("a script trains alone, and the trainer loads what it made", async () => {
    const folder = mkdtempSync(join(tmpdir(), "chainrule-torch-"));
    try {
      const { make } = models["images"] as Made;
      const t = make();
      const examples = { input: numbers(20, 1, 6, 6), target: whole(3, 20) };
      const { script } = await exportTraining(t as never, folder, { examples });
      const { python } = findPython();
      const run = (epochs: number): string =>
        execFileSync(python, [script, `--epochs=${epochs}`, "--batch=8"], { encoding: "utf8" });
      expect(run(2)).toMatch(/^epoch 1 {2}loss [\d.]+ {2}[\d.]+ s\nepoch 2 /);
      // It goes on from its own newest checkpoint.
      expect(run(3)).toMatch(/^epoch 3 .*\n$/);
      const newest = join(
        folder,
        "checkpoints",
        readdirSync(join(folder, "checkpoints")).at(-1) as string,
      );
      await t.load(newest);
      expect(t.epoch).toBe(3);
      expect(t.steps).toBe(9);
      const file = decode(readFileSync(newest));
      expect([...file.tensors.keys()].sort()).toEqual(t.graph.held.map(({ name }) => name).sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
