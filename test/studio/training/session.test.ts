import { describe, expect, it } from "vitest";
import { featureIds } from "../../../packages/studio/src/training/features.ts";
import { FIELD, UNIT_FIELD } from "../../../packages/studio/src/training/fieldPoints.ts";
import { TrainingSession } from "../../../packages/studio/src/training/TrainingSession.ts";
import {
  beginning,
  type OwnPoint,
  type TrainingSettings,
} from "../../../packages/studio/src/training/trainingSettings.ts";

function session(settings: Partial<TrainingSettings>): TrainingSession {
  return new TrainingSession({ ...beginning, ...settings });
}

async function train(one: TrainingSession, epochs: number): Promise<TrainingSession> {
  for (let epoch = 0; epoch < epochs; epoch++) await one.epochOnce();
  return one;
}

describe("a training session", () => {
  it("solves XOR", async () => {
    const one = await train(session({ data: "xor", noise: 0, rate: 0.1 }), 150);
    const { training, validation, epoch, examples } = one.frame();
    expect(epoch).toBe(150);
    expect(examples).toBe(150 * 150);
    expect(training.accuracy).toBeGreaterThan(0.97);
    expect(validation.accuracy).toBeGreaterThan(0.9);
  });

  it("gets on with spirals", async () => {
    const one = session({
      data: "spirals",
      noise: 0,
      layers: [8, 8],
      optimizer: "adam",
      rate: 0.02,
    });
    const before = one.frame().training.loss;
    await train(one, 150);
    expect(one.frame().training.loss).toBeLessThan(before / 2);
  });

  it("gives the same bits for the same seed, and others for another", async () => {
    const of = async (seed: number) => {
      const one = await train(session({ seed, dropout: 0.2, optimizer: "adam" }), 5);
      return { weights: one.weights(), field: one.frame().field };
    };
    const first = await of(7);
    expect(await of(7)).toEqual(first);
    expect((await of(8)).weights).not.toEqual(first.weights);
  });

  it("gives the same bits whether it is looked at or not", async () => {
    const looked = session({ layers: [3] });
    const plain = session({ layers: [3] });
    for (let epoch = 0; epoch < 4; epoch++) {
      await looked.epochOnce();
      looked.frame({ detail: true });
      await plain.epochOnce();
    }
    expect(looked.weights()).toEqual(plain.weights());
  });

  it("stops early, and puts the best weights back", async () => {
    const one = session({
      data: "moons",
      count: 40,
      noise: 0.6,
      layers: [12, 12],
      optimizer: "adam",
      rate: 0.05,
      patience: 10,
    });
    await train(one, 600);
    expect(one.stopped).toMatch(/^validation loss has not improved for 10 epochs; its best was/);
    const { validation, epoch } = one.frame();
    const best = Number(/best was (\S+) in/.exec(one.stopped ?? "")?.[1]);
    expect(validation.loss).toBeCloseTo(best, 12);
    await one.epochOnce();
    expect(one.epoch).toBe(epoch);
  });

  it("says why it cannot go on", async () => {
    const one = session({ problem: "regression", data: "plane", rate: 10, activation: "identity" });
    await train(one, 60);
    expect(one.stopped).toMatch(/loss and new weights must be finite/);
  });

  it("shows field, units, gradients and ailments", async () => {
    const one = await train(session({ data: "blobs", layers: [5, 2], features: featureIds }), 3);
    const { field, detail } = one.frame({ detail: true });
    expect(one.facts.classes).toBe(3);
    expect(field.length).toBe(3 * FIELD ** 2);
    const first = [0, 1, 2].reduce((sum, i) => sum + (field[i] ?? 0), 0);
    expect(first).toBeCloseTo(1, 6);
    expect(detail?.seen.map(({ length }) => length / UNIT_FIELD ** 2)).toEqual([7, 5, 2]);
    expect(detail?.gradients.map(({ path }) => path)).toEqual(["hidden1", "hidden2", "output"]);
    expect(detail?.gradients.every(({ gradient }) => gradient > 0)).toBe(true);
    expect(detail?.ailments).toEqual([Array(5).fill(undefined), Array(2).fill(undefined)]);
    expect(detail?.moments.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  });

  it("finds dead and saturated units", () => {
    const biases = (one: TrainingSession, value: number): void => {
      const { start = 0 } = one.facts.places.find(({ path }) => path === "hidden1.bias") ?? {};
      one.setWeight(0, start, value);
    };
    const dead = session({ activation: "relu", layers: [3] });
    biases(dead, -100);
    const { detail } = dead.frame({ detail: true });
    expect(detail?.ailments[0]?.[0]).toBe("dead");
    expect(
      detail?.sentences.some((sentence) => /hidden1\.relu: \d of 3 units are dead/.test(sentence)),
    ).toBe(true);
    const flat = session({ activation: "tanh", layers: [3] });
    biases(flat, 100);
    expect(flat.frame({ detail: true }).detail?.ailments[0]).toEqual([
      "saturated",
      undefined,
      undefined,
    ]);
  });

  it("lets a committee vote", async () => {
    const one = await train(session({ data: "xor", members: 3, layers: [4], rate: 0.1 }), 40);
    const { committee, field } = one.frame();
    expect(committee?.training).toBeGreaterThan(0.8);
    expect(new Set(field).size).toBeLessThan(9);
    expect(one.weights(0)).not.toEqual(one.weights(1));
    expect(() => one.frame({ member: 3 })).toThrow("playground: a member must be 0 … 2, got 3");
  });

  it("goes on from weights", async () => {
    const settings = { ...beginning, layers: [3] };
    const one = await train(new TrainingSession(settings), 6);
    const other = new TrainingSession({ ...settings, rate: 0.1 }, one.start());
    expect(other.epoch).toBe(6);
    expect(other.weights()).toEqual(one.weights());
    expect(() => new TrainingSession(settings, { weights: [[1]], epoch: 0 })).toThrow(
      "playground: there must be 13 finite weights, got 1",
    );
  });

  it("sets single weights", () => {
    const one = session({ layers: [2] });
    one.setWeight(0, 1, 42);
    expect(one.weights()[1]).toBe(42);
    expect(() => one.setWeight(0, 9, 1)).toThrow("a weight must be one of those there are, got 9");
    expect(() => one.setWeight(0, -1, 1)).toThrow(
      "a weight must be one of those there are, got -1",
    );
    expect(() => one.setWeight(0, 1, Number.NaN)).toThrow(
      "a weight must be a finite number, got NaN",
    );
  });

  it("learns surfaces, and one's own points", async () => {
    const one = session({ problem: "regression", data: "plane" });
    const before = one.frame().validation.loss;
    expect((await train(one, 40)).frame().validation.loss).toBeLessThan(before / 5);
    expect(one.frame().training.accuracy).toBeNaN();
    const points: OwnPoint[] = Array.from({ length: 20 }, (_, i) => [
      i % 2 ? 1 : -1,
      i / 10 - 1,
      i % 2,
    ]);
    const own = await train(session({ data: "own", points, rate: 0.3 }), 100);
    expect(own.frame().training.accuracy).toBe(1);
  });
});

describe("bad settings", () => {
  const refusals: readonly (readonly [Partial<TrainingSettings>, string])[] = [
    [{ layers: [0] }, "playground: units of a layer must be 1 … 12, got 0"],
    [{ layers: [1, 1, 1, 1, 1, 1, 1] }, "playground: layers must be at most 6, got 7"],
    [{ features: [] }, "playground: features must be at least one, each once, got "],
    [{ rate: -1 }, "playground: rate must be 0.00001 … 10, got -1"],
    [{ rate: Number.NaN }, "playground: rate must be 0.00001 … 10, got NaN"],
    [{ batch: 1.5 }, "playground: batch must be a whole number, got 1.5"],
    [
      { optimizer: "sgd" as "adam" },
      "playground: optimizer must be one of gradientDescent, momentum",
    ],
    [
      { problem: "regression", data: "plane", members: 2 },
      "playground: members must be 1 for regression",
    ],
    [
      { problem: "regression" },
      "playground: data must fit the problem, got circles for regression",
    ],
    [{ data: "own", points: [[0, 0, 0]] }, "own points: there must be at least 4, got 1"],
    [
      { data: "own", points: Array(8).fill([0, 0, 0]) },
      "own points: there must be points of two classes",
    ],
    [{ data: "own", points: Array(8).fill([0, 0, 9]) }, "own points: classes must be 0 … 3, got 9"],
  ];
  it.each(refusals)("%j is refused", (settings, message) => {
    expect(() => session(settings)).toThrow(message);
  });
});
