import { tanh } from "@chainrule/core";
import {
  adam,
  bceWithLogits,
  dense,
  modelProgram,
  residual,
  sequential,
  trainer,
} from "@chainrule/nn";
import { toDot } from "@chainrule/render";
import { expect, it } from "vitest";

it("layers are clusters of a drawing, and the whole step can be drawn", () => {
  const t = trainer(sequential(dense(3), tanh, residual(dense(3)), dense(1)), {
    input: ["batch", 2],
    loss: bceWithLogits,
    optimizer: adam(),
    seed: 1,
  });
  const labels = [...toDot(modelProgram(t.model)).matchAll(/^( *)label="(\w+)"; style/gm)];
  expect(labels.map(([, indent, label]) => `${indent?.length} ${label}`)).toEqual([
    "4 dense",
    "4 residual",
    "6 dense",
    "4 dense2",
  ]);
  expect(toDot(t.program)).toContain('label="residual"');
});
