import { ArgumentError, describe, type Program } from "@chainrule/core";
import type { Trainer } from "@chainrule/nn";
import { programModule, type TorchOptions } from "./programModule.ts";
import { trainingModule } from "./trainingModule.ts";

/**
 * A program, or a trainer's model with its loss, optimizer and training script, as the text of a Python
 * module for PyTorch.
 *
 * A program becomes one function; a trainer a script that runs alone, or on many machines under
 * `torchrun`. Derivatives at kinks are this project's.
 * Throws ArgumentError for what PyTorch's module could not do: a function without a body, a rate that the
 * host drives, players with losses of their own.
 */
export function toTorch<M extends string>(
  source: Program | Trainer<M>,
  options: TorchOptions = {},
): string {
  // Known by their parts: the source may come from another copy of these packages.
  if (isTrainer(source)) return trainingModule(source, options);
  if (isProgram(source)) return programModule(source, options);
  throw new ArgumentError(
    `toTorch: the source must be a program or a trainer, got ${describe(source)}`,
  );
}

function isTrainer(source: unknown): source is Trainer {
  return typeof source === "object" && source !== null && "graph" in source && "options" in source;
}

function isProgram(source: unknown): source is Program {
  return typeof source === "object" && source !== null && "definitions" in source;
}
