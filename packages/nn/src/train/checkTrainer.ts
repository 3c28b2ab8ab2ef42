import { ArgumentError, describe } from "@chainrule/core";
import type { Flow } from "../model/index.ts";
import { checkOptions } from "../options/index.ts";
import { isNamed, type TrainerOptions } from "./options.ts";

/** Throws ArgumentError, with what to write, for options of `trainer` that a program without types may hold. */
export function checkTrainer(options: TrainerOptions<Flow>): void {
  checkOptions<TrainerOptions<Flow>>("trainer", options, {
    input: true,
    loss: true,
    optimizer: true,
    seed: true,
    metrics: true,
    target: true,
    dtype: true,
    frozen: true,
    players: true,
    clip: true,
    engine: true,
  });
  const { input, loss, optimizer, target, clip } = options;
  const specs = isObject(input) && isNamed(input) ? Object.values(input) : [input];
  if (specs.length === 0 || !specs.every(isShape)) {
    throw new ArgumentError(
      `trainer: input must be a shape such as ["batch", 2], or several by name, got ${describe(input)}`,
    );
  }
  if (target !== undefined && !isShape(target)) {
    throw new ArgumentError(
      `trainer: target must be a shape such as ["batch", 1], got ${describe(target)}`,
    );
  }
  if (typeof loss !== "function") {
    throw new ArgumentError(
      `trainer: loss must be a function (output, target) => loss, such as mse, got ${describe(loss)}`,
    );
  }
  if (!isObject(optimizer) || typeof optimizer.update !== "function") {
    throw new ArgumentError(
      `trainer: optimizer must be made by a call such as adam(), got ${describe(optimizer)}`,
    );
  }
  if (clip !== undefined && typeof clip !== "function") {
    throw new ArgumentError(
      `trainer: clip must be made by a call such as clipByGlobalNorm(1), got ${describe(clip)}`,
    );
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isShape(spec: unknown): boolean {
  return Array.isArray(isObject(spec) && "shape" in spec ? spec.shape : spec);
}
