import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tanh } from "@chainrule/core";
import { findPython, TorchError, torch, toTorch } from "@chainrule/interop/torch";
import {
  circles,
  dense,
  gradientDescent,
  mse,
  plateau,
  sequential,
  type Trainer,
  trainer,
} from "@chainrule/nn";
import { afterAll, describe, expect, it } from "vitest";
import { describeWith } from "../../support/requireTool.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-torch-"));
afterAll(() => rmSync(folder, { recursive: true }));

const data = circles({ points: 40, seed: 1 });

function made(rate: number | ReturnType<typeof plateau> = 0.1): Trainer<never> {
  return trainer(sequential(dense(4, tanh), dense(1)), {
    input: ["batch", 2],
    loss: mse,
    optimizer: gradientDescent({ rate }),
    seed: 3,
  });
}

/** A program that answers as a Python would. */
function pretender(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

describe("before any work", () => {
  it.each([
    ["none", "/no/such/python3", "/no/such/python3: no such program"],
    [
      "one without PyTorch",
      pretender("bare", `echo "ModuleNotFoundError: No module named 'torch'" >&2; exit 1`),
      "ModuleNotFoundError: No module named 'torch'",
    ],
    ["an old one", pretender("old", "echo 1.9.0 True True True"), "PyTorch 1.9.0 is too old"],
    [
      "one for a single process",
      pretender("alone", "echo 2.1.0 False True False"),
      "PyTorch 2.1.0 was built without torch.distributed",
    ],
    ["an old Python", pretender("python37", "echo 1.13.0 True False True"), "Python 3.8 or newer"],
  ])("Python is looked for: %s", async (_what, python, told) => {
    const t = made();
    const training = t.train(data, { engine: torch({ processes: 2, python }) });
    await expect(training).rejects.toThrow(told);
    await expect(training).rejects.toThrow(
      "torch: a Python with PyTorch 1.13 or newer must be there, got none",
    );
    expect(t.epoch).toBe(0);
  });

  it.each([
    [{ processes: 0 }, "torch: processes must be a whole number ≥ 1, got 0"],
    [{ processes: 1, nodes: 2 }, "torch: 2 machines must meet somewhere, got no rendezvous"],
    [
      { processes: 1, nodes: 2, nodeRank: 2 },
      "torch: nodeRank must be less than nodes, got 2 of 2",
    ],
    [
      { processes: 1, nodes: 2, rendezvous: "host" },
      'torch: rendezvous must be host:port, got "host"',
    ],
  ])("the cluster is checked: %o", async (cluster, told) => {
    await expect(made().train(data, { engine: torch(cluster) })).rejects.toThrow(told);
  });

  it("a rate that the host drives is refused", () => {
    expect(() => toTorch(made(plateau(0.1)) as never)).toThrow(
      "toTorch: the rate must follow from the step alone, got one that the host drives",
    );
  });
});

/** Workers of the script in a folder: not the launcher, which runs it as well. */
function workersOf(place: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return words.includes(join(place, "model.py")) && !words.includes("torch.distributed.run");
      } catch {
        return false;
      }
    })
    .map(Number);
}

describeWith("torch", "workers that fail", () => {
  it("names the last checkpoint when one is killed, and goes on from there", async () => {
    const t = made();
    const place = join(folder, "killed");
    let ended = false;
    const onEpoch = (): void => {
      if (ended) return;
      ended = true;
      const [worker] = workersOf(place);
      if (worker !== undefined) process.kill(worker, "SIGKILL");
    };
    const engine = torch({ processes: 2, folder: place });
    const failure = await t.train(data, { epochs: 20_000, engine, onEpoch }).catch((e) => e);
    expect(failure).toBeInstanceOf(TorchError);
    const { message, checkpoint } = failure as TorchError;
    expect(message).toMatch(/^torch: training must end after epoch 20000, got an end after epoch /);
    expect(message).toContain(`the last checkpoint is ${checkpoint}`);
    expect(workersOf(place)).toEqual([]);

    // The trainer has the state of the last epoch that came back, and so has the file.
    const other = made();
    await other.load(checkpoint as string);
    expect(other.epoch).toBe(t.epoch);
    const losses = await other.train(data, { epochs: 3, engine: torch({ processes: 2 }) });
    const wanted = await made().train(data, { epochs: t.epoch + 3 });
    for (const { epoch, loss } of losses) {
      expect(Math.abs(loss - (wanted[epoch - 1]?.loss as number))).toBeLessThan(1e-9);
    }
  });

  it("says what went wrong in the script", async () => {
    const t = made(1e200);
    const engine = torch({ processes: 1, folder: join(folder, "diverged") });
    await expect(t.train(data, { epochs: 9, engine })).rejects.toThrow(
      /the loss must be finite, got (nan|inf) in epoch \d/,
    );
  });

  it("finds a Python that has what is needed", () => {
    expect(findPython().torch).toMatch(/^\d+\.\d+/);
  });
});
