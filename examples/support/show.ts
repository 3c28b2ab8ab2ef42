import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { ArgumentError } from "@chainrule/core";
import { progressBar } from "@chainrule/nn/node";
import type { Example, Result } from "./example.ts";

/**
 * Runs an example when its file is the program that was started: `tsx examples/digits.ts 7 --data mnist`.
 *
 * The exit code is 0 if the goal was reached, 1 if not, 2 for data that do not fit.
 */
export async function showIfMain(example: Example, url: string): Promise<void> {
  const [, program, ...args] = process.argv;
  if (program === undefined || pathToFileURL(program).href !== url) return;
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: { data: { type: "string" } },
    });
    const [seed = "1"] = positionals;
    const out = (text: string): void => void process.stdout.write(text);
    process.exitCode = (await show(example, Number(seed), out, values.data)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

/** Runs an example with a progress bar, prints what it found, and says whether the goal was reached. */
export async function show(
  example: Example,
  seed: number,
  out: (text: string) => void,
  data?: string,
): Promise<boolean> {
  if (data !== undefined && example.readsData !== true) {
    throw new ArgumentError(`${example.name}: it makes its own data, got --data ${data}`);
  }
  out(`${example.title} (seed ${seed})\n`);
  const result = await example.run({ seed, bar: progressBar, say: out, data });
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
