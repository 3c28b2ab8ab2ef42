import type { Bindable, Expr, Value } from "@chainrule/core";
import { runner } from "./runner.ts";
import { names } from "./stepUpdates.ts";
import type { Trainer } from "./trainer.ts";

/**
 * Computes expressions of a trainer's prediction graph with its parameters as they are now, again and again.
 *
 * For looking inside a model: gradients by its input, values of layers.
 */
export function fixedRunner<M extends string>(
  t: Trainer<M>,
  outputs: Readonly<Record<string, Expr>>,
): (inputs: Readonly<Record<string, Bindable>>) => Readonly<Record<string, Value>> {
  const { prediction, inputs } = t.graph;
  const kept = [...prediction.kept.values()].map(({ path, node }) => [path, node] as const);
  const all =
    prediction.key === undefined ? kept : [...kept, [names.randomness, prediction.key] as const];
  const parts = { inputs: { ...inputs, ...Object.fromEntries(all) }, outputs, updates: new Map() };
  const made = runner(parts, t.options.engine ?? "compiled");
  for (const [name] of all) made.set(name, t.read(name));
  return (values) => made.run(values);
}
