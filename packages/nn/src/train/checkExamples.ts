import { ArgumentError } from "@chainrule/core";
import { namedFlow } from "../model/index.ts";
import { checkFinite, type Table } from "./examples.ts";
import type { TrainingStep } from "./trainingStep.ts";

/**
 * Throws ArgumentError for numbers that are not finite, and, in the loss's own words, for targets that it does not
 * take, such as labels out of range.
 */
export function checkExamples(
  where: string,
  { prediction, problem }: TrainingStep,
  table: Table,
): void {
  checkFinite(where, table);
  const { target } = table.tensors;
  if (target === undefined) return;
  const [output] = Object.values(namedFlow("output", prediction.output));
  const shape = (output?.shape ?? []).map((dim) => (typeof dim === "number" ? dim : table.count));
  const found = problem({ target, output: { shape } });
  if (found !== undefined) throw new ArgumentError(`${where}: ${found}`);
}
