import { pathToFileURL } from "node:url";
import { progressBar } from "@chainrule/nn/node";
import type { Example, Result } from "./example.ts";

/** Runs an example when its file is the program that was started: `tsx examples/xor.ts 7`, the seed last. */
export async function showIfMain(example: Example, url: string): Promise<void> {
  const [, program, seed = "1"] = process.argv;
  if (program === undefined || pathToFileURL(program).href !== url) return;
  const reached = await show(example, Number(seed), (text) => void process.stdout.write(text));
  process.exitCode = reached ? 0 : 1;
}

/** Runs an example with a progress bar, prints what it found, and says whether the goal was reached. */
export async function show(
  example: Example,
  seed: number,
  out: (text: string) => void,
): Promise<boolean> {
  out(`${example.title} (seed ${seed})\n`);
  const result = await example.run({ seed, bar: progressBar, say: out });
  out(resultText(result));
  const reached = example.reached(result);
  out(`goal: ${example.goal}: ${reached ? "reached" : "not reached"}\n`);
  return reached;
}

/** A result, one line a value. */
export function resultText(result: Result): string {
  const lines = Object.entries(result).map(([name, value]) => `  ${name}: ${shown(value)}\n`);
  return lines.join("");
}

function shown(value: Result[string]): string {
  if (typeof value === "object") return value.map(shown).join(", ");
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value);
}
