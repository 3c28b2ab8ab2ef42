import { ArgumentError, describe, Program } from "@chainrule/core";
import { Trainer } from "@chainrule/nn";
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
export function toTorch(source: Program | Trainer, options: TorchOptions = {}): string {
  if (source instanceof Program) return programModule(source, options);
  if (source instanceof Trainer) return trainingModule(source as Trainer, options);
  throw new ArgumentError(
    `toTorch: the source must be a program or a trainer, got ${describe(source)}`,
  );
}
