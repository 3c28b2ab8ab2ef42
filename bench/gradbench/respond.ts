import { Clock } from "./clock.ts";
import { evals } from "./evals/index.ts";
import { fieldsOf } from "./json.ts";

/** A message of an eval. */
export type Message = Readonly<Record<string, unknown>>;

/**
 * The answer to a message: `start`, `define`, `evaluate`, and its number alone for all others.
 *
 * Source: GradBench, CONTRIBUTING.md, "Protocol".
 */
export function respond(message: Message): Record<string, unknown> {
  const { id, kind } = message;
  if (kind === "start") return { id, tool: "chainrule" };
  if (kind === "define") return { id, ...define(message) };
  if (kind === "evaluate") return { id, ...evaluate(message) };
  return { id };
}

function define({ module }: Message): Record<string, unknown> {
  if (evals.has(String(module))) return { success: true };
  return { success: false, error: `define: no eval has the name ${JSON.stringify(module)}` };
}

function evaluate({ module, function: name, input }: Message): Record<string, unknown> {
  const clock = new Clock();
  try {
    const functions = evals.get(String(module));
    const make = functions && Object.hasOwn(functions, String(name)) && functions[String(name)];
    if (!make) throw new RangeError(`evaluate: no function ${String(name)} of ${String(module)}`);
    const { minRuns, minSeconds } = runsOf(input);
    const { run, output } = make(input, clock);
    let spent = 0;
    for (let i = 0; i < minRuns || spent < minSeconds * 1e9; i++) {
      clock.time("evaluate", run);
      spent += clock.timings.at(-1)?.nanoseconds ?? 0;
    }
    return { success: true, output: output(), timings: clock.timings };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { success: false, error: text, timings: clock.timings };
  }
}

/** How often to run at least, and for how long at least; once where the input does not say. */
function runsOf(input: unknown): { minRuns: number; minSeconds: number } {
  if (typeof input !== "object") return { minRuns: 1, minSeconds: 0 };
  const { min_runs: runs, min_seconds: seconds } = fieldsOf("evaluate", input);
  const minRuns = typeof runs === "number" && runs >= 1 ? runs : 1;
  return { minRuns, minSeconds: typeof seconds === "number" && seconds > 0 ? seconds : 0 };
}
