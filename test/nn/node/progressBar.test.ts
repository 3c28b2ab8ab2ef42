import { PassThrough } from "node:stream";
import { progressBar } from "@chainrule/nn/node";
import { expect, it } from "vitest";
import { line, small } from "../train/samples.ts";

/** A stream that may be a terminal, and what was written to it. */
function terminal(isTTY: boolean) {
  const stream = new PassThrough();
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  return { stream: Object.assign(stream, { isTTY, columns: 120 }), text: () => text };
}

async function train(isTTY: boolean) {
  const { stream, text } = terminal(isTTY);
  const options = { epochs: 3, batch: 4, validation: line };
  const bar = progressBar({ epochs: 3, metric: "accuracy", stream });
  const t = small();
  for await (const epoch of t.fit(line, { ...options, ...bar })) void epoch;
  bar.end();
  return { text: text(), last: t.history.at(-1) };
}

it("draws epoch, loss, metric, speed and time left on a terminal", async () => {
  const { text, last } = await train(true);
  expect(text).toContain("epoch 3/3");
  expect(text).toContain(`loss ${last?.validation?.loss.toFixed(4)}`);
  expect(text).toContain(`accuracy ${last?.validation?.accuracy.toFixed(4)}`);
  expect(text).toMatch(/\d+ batches\/s · \S+ left/);
});

it("is quiet in a pipe", async () => {
  expect((await train(false)).text).toBe("");
});
