import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { relu, tanh } from "@chainrule/core";
import {
  adam,
  bceWithLogits,
  dense,
  momentum,
  plateau,
  sequential,
  type Trainer,
  trainer,
} from "@chainrule/nn";
import { decode, encode } from "@chainrule/safetensors";
import { afterAll, describe, expect, it } from "vitest";
import { line, small, xor } from "./samples.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-checkpoint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function epochs<M extends string>(t: Trainer<M>, count: number) {
  return t.train(line, { epochs: count, batch: 3, validation: 0.25 });
}

describe("a checkpoint", () => {
  it("resumes to the same bits: weights, optimizer, order, plateau, history", async () => {
    for (const make of [
      () => small({ optimizer: adam({ rate: 0.05 }) }),
      () => small({ optimizer: momentum({ rate: 0.05 }), dtype: "f32" }),
      () => small({ optimizer: adam({ rate: plateau(0.1, { patience: 0, threshold: 0.5 }) }) }),
    ]) {
      const whole = make();
      await epochs(whole, 6);
      const first = make();
      await epochs(first, 3);
      const path = join(folder, "half.safetensors");
      await first.save(path);
      const second = make();
      await second.load(path);
      expect(second.epoch).toBe(3);
      await epochs(second, 3);
      expect(second.checkpoint()).toEqual(whole.checkpoint());
    }
  });

  it("is checked in what it says beside tensors, before anything changes", () => {
    const make = () => small({ optimizer: adam({ rate: plateau(0.1) }) });
    const { tensors, metadata } = decode(make().checkpoint());
    const facts = JSON.parse(metadata.get("chainrule") as string) as object;
    const said = (change: object) =>
      encode(tensors, { chainrule: JSON.stringify({ ...facts, ...change }) });
    const t = make();
    t.step(xor);
    const kept = t.checkpoint();
    for (const [change, message] of [
      [{ epoch: 0.5 }, "load: a checkpoint must hold epoch, got 0.5"],
      [{ seed: "x" }, 'load: a checkpoint must hold seed, got "x"'],
      [{ hosts: null }, "load: a checkpoint must hold hosts, got null"],
      [{ history: [1] }, "load: a checkpoint must hold history, got an array of 1"],
      [{ best: {} }, "load: a checkpoint must hold best, got an object {}"],
      [{ hosts: [] }, "rates that the trainer drives: 0 in the file, 1 in the trainer"],
      [{ hosts: [{ factor: "1" }] }, "host 1: plateau: a state must hold factor, best"],
    ] as const) {
      expect(() => t.restore(said(change))).toThrow(message);
      expect(t.checkpoint()).toEqual(kept);
    }
    t.restore(said({ best: { score: null, epoch: 1 } }));
    expect(t.best?.score).toBeNaN();
  });

  it("names the folder that is not there", async () => {
    const path = join(folder, "nowhere", "w.safetensors");
    await expect(small().save(path)).rejects.toThrow(
      `save: the folder of the file must exist, got ${path}`,
    );
  });

  it("brings its seed along, so that what was held out stays held out", async () => {
    const make = (seed: number) => small({ optimizer: adam({ rate: 0.05 }), seed });
    const whole = make(1);
    await epochs(whole, 4);
    const first = make(1);
    await epochs(first, 2);
    const second = make(2);
    second.restore(first.checkpoint());
    await epochs(second, 2);
    expect(second.checkpoint()).toEqual(whole.checkpoint());
  });

  it("keeps the best weights of early stopping, and how long nothing has improved", async () => {
    const make = () => small({ optimizer: adam({ rate: 0.3 }), seed: 3 });
    const wrong = { inputs: xor.inputs, targets: xor.targets.map((target) => 1 - target) };
    const options = { validation: wrong, earlyStopping: { patience: 4 } };
    const whole = make();
    await whole.train(xor, { epochs: 20, ...options });
    let saved: Uint8Array | undefined;
    const first = make();
    for await (const { epoch } of first.fit(xor, { epochs: 3, ...options })) {
      if (epoch === 3) saved = first.checkpoint();
    }
    const second = make();
    second.restore(saved as Uint8Array);
    await second.train(xor, { epochs: 17, ...options });
    expect(second.history.at(-1)?.stopped).toMatch(/has not improved for 4 epochs/);
    expect(second.checkpoint()).toEqual(whole.checkpoint());
  });

  it("is a safetensors file with the names of the parameters", () => {
    const { tensors, metadata } = decode(small({ optimizer: adam() }).checkpoint());
    expect(tensors.get("dense.weight")?.shape).toEqual([2, 3]);
    expect(tensors.get("step")?.shape).toEqual([]);
    const facts = JSON.parse(metadata.get("chainrule") ?? "null");
    expect(facts).toMatchObject({ format: "chainrule training 1", epoch: 0, seed: 1 });
    expect([...tensors.keys()].some((name) => name.startsWith("adam "))).toBe(true);
  });

  it("is refused with all mismatches at once, and then nothing changes", () => {
    const bytes = small({ optimizer: adam() }).checkpoint();
    const t = trainer(sequential(dense(4), relu, dense(1, tanh)), {
      input: ["batch", 2],
      loss: bceWithLogits,
      optimizer: momentum({ rate: 0.1 }),
      dtype: "f32",
      seed: 1,
    });
    const before = t.checkpoint();
    expect(() => t.restore(bytes)).toThrow(
      /^load: a checkpoint must fit the trainer, got \d+ mismatches:\n {2}optimizer: adam in the file, \w+ in the trainer\n {2}dense\.weight: F64 \[2, 3\] in the file, F32 \[2, 4\] in the trainer\n/,
    );
    expect(t.checkpoint()).toEqual(before);
    expect(() => t.restore(Uint8Array.of(1, 2, 3))).toThrow();
  });

  it("is refused when it is another file", async () => {
    const path = join(folder, "other.safetensors");
    writeFileSync(path, Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d));
    await expect(small().load(path)).rejects.toThrow(
      'load: the file must be a checkpoint of format "chainrule training 1", got a file without it',
    );
  });

  it("replaces a file whole", async () => {
    const path = join(folder, "again.safetensors");
    const t = small();
    await t.save(path);
    const old = readFileSync(path);
    t.step(xor);
    await t.save(path);
    expect(Buffer.compare(readFileSync(path), old)).not.toBe(0);
    expect(decode(readFileSync(path)).tensors.size).toBeGreaterThan(0);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});
