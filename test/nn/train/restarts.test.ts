import { Tensor } from "@chainrule/core";
import { committee, gradientDescent, restarts } from "@chainrule/nn";
import { describe, expect, it } from "vitest";
import { small, xor } from "./samples.ts";

const inputs = new Tensor([4, 2], Float64Array.from(xor.inputs.flat()));

async function trained(seed: number, epochs: number) {
  const t = small({ seed, optimizer: gradientDescent({ rate: 0.5 }) });
  await t.train(xor, { epochs, batch: "all" });
  return t;
}

describe("restarts", () => {
  it("keep the trial of the lowest training error first", async () => {
    const trials = await restarts((seed) => trained(seed, 20), { attempts: 4, seed: 1 });
    const errors = trials.map(({ error }) => error);
    expect(errors).toEqual(errors.toSorted((a, b) => a - b));
    expect(new Set(trials.map(({ seed }) => seed)).size).toBe(4);
    expect(trials[0]?.error).toBe(trials[0]?.trainer.history.at(-1)?.loss);
    const again = await restarts((seed) => trained(seed, 20), { attempts: 4, seed: 1 });
    expect(again.map(({ error }) => error)).toEqual(errors);
  });

  it("end when a trial is good enough, and put NaN last", async () => {
    const made = (error: number[]) =>
      restarts((seed) => small({ seed }), {
        attempts: error.length,
        seed: 1,
        error: () => error.shift() as number,
        until: 0.1,
      });
    expect((await made([0.5, 0.05, 0])).map(({ error }) => error)).toEqual([0.05, 0.5]);
    expect((await made([Number.NaN, 0.5])).map(({ error }) => error)).toEqual([0.5, Number.NaN]);
    await expect(made([])).rejects.toThrow("restarts: attempts must be a whole number ≥ 1, got 0");
  });
});

describe("a committee", () => {
  it("weighs votes", async () => {
    const good = await trained(1, 400);
    const bad = small({ seed: 2 });
    const own = (t: typeof good) =>
      Array.from(t.predict(inputs).data, (item) => (item > 0 ? 1 : 0));
    expect(own(good)).toEqual(xor.targets);
    expect(own(bad)).not.toEqual(xor.targets);
    const members = (votes: number) => [
      { trainer: good, votes: 1 },
      { trainer: bad, votes },
    ];
    expect(Array.from(committee(members(0.4)).decide(inputs))).toEqual(xor.targets);
    expect(Array.from(committee(members(2)).decide(inputs))).toEqual(own(bad));
    expect(committee(members(0.4)).decide(xor.inputs)).toEqual(Int32Array.from(xor.targets));
    const { data, shape } = committee(members(1)).shares(inputs);
    expect(shape).toEqual([4, 2]);
    for (let row = 0; row < 4; row++) {
      expect((data[2 * row] as number) + (data[2 * row + 1] as number)).toBeCloseTo(1, 14);
    }
  });

  it("needs somebody who votes", () => {
    expect(() => committee([])).toThrow("committee: members must have votes ≥ 0");
    expect(() => committee([{ trainer: small(), votes: -1 }])).toThrow("got [-1]");
  });
});
