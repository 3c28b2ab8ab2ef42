import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { add, type Expr, relu, tanh } from "@chainrule/core";
import { adam, bceWithLogits, dense, layer, moons, sequential, trainer } from "@chainrule/nn";
import { afterAll, beforeAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "chainrule-acceptance-"));
const before = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

it("two moons are told apart by a program of ten lines", async () => {
  const lines: [number, number][] = [];
  const model = sequential(dense(8), tanh, dense(1));
  const t = trainer(model, {
    input: ["batch", 2],
    loss: bceWithLogits,
    optimizer: adam(),
    seed: 7,
  });
  for await (const epoch of t.fit(moons({ points: 400, seed: 1 }), {
    epochs: 200,
    validation: 0.2,
    earlyStopping: { patience: 20 },
  }))
    lines.push([epoch.loss, epoch.validation.accuracy]);
  const out = t.predict([[0.5, -0.2]]);
  await t.save("moons.safetensors");

  expect(lines.at(-1)?.[0]).toBeLessThan(0.3);
  expect(lines.at(-1)?.[1]).toBeGreaterThan(0.85);
  expect(out).toEqual([[expect.any(Number)]]);
  const again = trainer(model, { ...t.options, loss: bceWithLogits });
  await again.load("moons.safetensors");
  expect(again.predict([[0.5, -0.2]])).toEqual(out);
});

it("one's own layer is one function", () => {
  const residual = layer("Residual", (x: Expr, scope) => add(x, scope.use(dense(64, relu))(x)));
  const t = trainer(sequential(dense(64), residual, residual, dense(1)), {
    input: ["batch", 2],
    loss: bceWithLogits,
    optimizer: adam(),
    seed: 7,
  });
  const { loss, accuracy } = t.step({ inputs: [[0.5, -0.2]], targets: [1] });
  expect(loss).toBeGreaterThan(0);
  expect([0, 1]).toContain(accuracy);
});
