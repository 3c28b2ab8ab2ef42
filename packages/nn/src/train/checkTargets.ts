import { ArgumentError } from "@chainrule/core";
import { namedFlow } from "../model/index.ts";
import type { Table } from "./examples.ts";
import type { TrainingStep } from "./trainingStep.ts";

/** Throws ArgumentError, in the loss's own words, for targets that it does not take, such as labels out of range. */
export function checkTargets(
  where: string,
  { prediction, problem }: TrainingStep,
  { tensors, count }: Table,
): void {
  const { target } = tensors;
  if (target === undefined) return;
  const [output] = Object.values(namedFlow("output", prediction.output));
  const shape = (output?.shape ?? []).map((dim) => (typeof dim === "number" ? dim : count));
  const found = problem({ target, output: { shape } });
  if (found !== undefined) throw new ArgumentError(`${where}: ${found}`);
}
