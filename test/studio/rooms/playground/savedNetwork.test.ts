import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Trainer } from "@chainrule/nn";
import { decode } from "@chainrule/safetensors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type SavedNetwork,
  toJson,
  toTypeScript,
} from "../../../../packages/studio/src/rooms/playground/savedNetwork.ts";
import { toSafetensors } from "../../../../packages/studio/src/rooms/playground/toSafetensors.ts";
import { featureIds } from "../../../../packages/studio/src/training/features.ts";
import { memberTrainer } from "../../../../packages/studio/src/training/network.ts";
import { TrainingSession } from "../../../../packages/studio/src/training/TrainingSession.ts";
import {
  beginning,
  type TrainingSettings,
} from "../../../../packages/studio/src/training/trainingSettings.ts";

const cases: readonly (readonly [string, Partial<TrainingSettings>])[] = [
  ["two classes", { layers: [3, 2] }],
  [
    "three classes, all features",
    { data: "blobs", features: featureIds, activation: "relu", initialiser: "he" },
  ],
  [
    "a surface without hidden layers",
    { problem: "regression", data: "plane", layers: [], features: ["xy"] },
  ],
  [
    "a linear network",
    { activation: "identity", optimizer: "adam", features: ["y", "sinx"], initialiser: "zero" },
  ],
];

async function trained(
  part: Partial<TrainingSettings>,
): Promise<{ readonly saved: SavedNetwork; readonly trainer: Trainer }> {
  const settings: TrainingSettings = { ...beginning, ...part };
  const session = new TrainingSession(settings);
  for (let epoch = 0; epoch < 2; epoch++) await session.epochOnce();
  const { places, classes } = session.facts;
  const weights = session.weights();
  const trainer = memberTrainer(settings, classes, 0);
  const { epoch } = session;
  const plain = { labels: [], axes: [], scales: [] };
  const saved = { settings, classes, member: 0, epoch, places, weights, ...plain };
  return { saved, trainer };
}

describe("a network taken away", () => {
  let folder = "";
  beforeAll(() => {
    // Inside the project, so that the program finds its packages.
    folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), "program-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(cases)("as a program gives the same numbers: %s", async (name, part) => {
    const { saved } = await trained(part);
    const file = join(folder, `${name.replaceAll(/\W/g, "-")}.ts`);
    writeFileSync(file, toTypeScript(saved));
    const { t } = (await import(/* @vite-ignore */ file)) as { t: Trainer };
    const again = new TrainingSession(saved.settings, { weights: [saved.weights], epoch: 2 });
    const numbers = t.parameters.flatMap((path) => Array.from(t.get(path).data));
    expect(numbers).toEqual(saved.weights);
    const points = again.facts.validation.map(([x, y]) => [x, y]);
    const targets = again.facts.validation.map(([, , value]) => value);
    expect(t.evaluate({ inputs: points, targets }).loss).toBeCloseTo(
      again.frame().validation.loss,
      12,
    );
  });

  it("writes how a table's numbers are brought to it", async () => {
    const { saved } = await trained({ layers: [2] });
    const scales = [
      { centre: -5, size: 2 },
      { centre: 10, size: 4 },
    ];
    const text = toTypeScript({ ...saved, scales, labels: ["a", "*/ b"], axes: ["p", "q"] });
    expect(text).toContain('the output is the logit of "*/ b" against "a".');
    const file = join(folder, "scaled.ts");
    writeFileSync(file, text);
    const { scaled } = (await import(/* @vite-ignore */ file)) as {
      scaled: (x: number, y: number) => number[];
    };
    expect(scaled(-1, 2)).toEqual([2, -2]);
  });

  it("keeps a label with a line end inside its comment", async () => {
    const { saved } = await trained({ layers: [] });
    const [first] = toTypeScript({ ...saved, labels: ["a\nthrow 1;", "b\u2028c"] }).split("\n");
    expect(first).toContain('"a\\nthrow 1;"');
    expect(first).not.toContain("\u2028");
  });

  it("as safetensors and as JSON holds weights and settings", async () => {
    const { saved, trainer } = await trained({ layers: [3] });
    const { tensors, metadata } = decode(toSafetensors(saved));
    expect([...tensors.keys()].sort()).toEqual([...trainer.parameters].sort());
    const all = saved.places.flatMap(({ path }) =>
      Array.from(tensors.get(path)?.data ?? [], Number),
    );
    expect(all).toEqual(saved.weights);
    expect(JSON.parse(metadata.get("playground") ?? "").layers).toEqual([3]);
    const json = JSON.parse(toJson(saved));
    expect(json.parameters["hidden1.weight"].shape).toEqual([2, 3]);
    expect(json.epoch).toBe(2);
  });
});
