import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const main = fileURLToPath(new URL("../../../bench/gradbench/main.js", import.meta.url));

// It may have to build the workspace first.
it("runs by node alone, and prints nothing but answers", { timeout: 120_000 }, () => {
  const messages = [
    { id: 0, kind: "start" },
    { id: 1, kind: "define", module: "hello" },
    { id: 2, kind: "evaluate", module: "hello", function: "square", input: 3 },
  ];
  const input = messages.map((message) => `${JSON.stringify(message)}\n`).join("");
  const { stdout, status } = spawnSync(process.execPath, [main], { input, encoding: "utf8" });
  expect(status).toBe(0);
  const answers = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(answers).toHaveLength(3);
  expect(answers[2]).toMatchObject({ id: 2, success: true, output: 9 });
});
