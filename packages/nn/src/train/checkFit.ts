import { ArgumentError, describe } from "@chainrule/core";
import { checkOptions } from "../options/index.ts";
import type { EarlyStopping, FitOptions } from "./fitOptions.ts";
import { wholeNumber } from "./sources.ts";
import type { Trainer } from "./trainer.ts";

/** Throws ArgumentError for options of `fit` that would be passed over, or fail after the first epoch. */
export function checkFit<M extends string>(t: Trainer<M>, options: FitOptions<M>): void {
  checkOptions<FitOptions<M> & { readonly end: unknown }>(
    "fit",
    // `end` comes along where a progress bar is spread into the options.
    options as FitOptions<M> & { readonly end: unknown },
    {
      epochs: true,
      batch: true,
      validation: true,
      earlyStopping: true,
      stop: true,
      shuffle: true,
      onEpoch: true,
      onBatch: true,
      engine: true,
      signal: true,
      yieldEvery: true,
      now: true,
      end: true,
    },
  );
  const { epochs = 1, earlyStopping, stop = [], onEpoch, onBatch, signal } = options;
  wholeNumber("epochs", epochs, 0);
  for (const [name, value] of Object.entries({ onEpoch, onBatch })) {
    if (value === undefined || typeof value === "function") continue;
    throw new ArgumentError(`fit: ${name} must be a function, got ${describe(value)}`);
  }
  const rule = [stop].flat().find((one: unknown) => typeof one !== "function");
  if (rule !== undefined) {
    throw new ArgumentError(
      `fit: stop must be a rule such as whenFlat({ epochs: 5 }), got ${describe(rule)}`,
    );
  }
  if (signal !== undefined && typeof signal.throwIfAborted !== "function") {
    throw new ArgumentError(
      `fit: signal must be that of an AbortController, got ${describe(signal)}`,
    );
  }
  const known = ["loss", ...Object.keys(t.graph.metrics)];
  for (const { host } of t.graph.hosts) {
    const { monitor = "loss" } = host;
    if (known.includes(monitor)) continue;
    throw new ArgumentError(
      `fit: the monitor of a schedule must be one of ${known.join(", ")}, got ${describe(monitor)}`,
    );
  }
  if (earlyStopping === undefined) return;
  checkOptions<EarlyStopping<M>>("fit: earlyStopping", earlyStopping, {
    patience: true,
    monitor: true,
    mode: true,
    minDelta: true,
  });
  const { patience, monitor = "loss" } = earlyStopping;
  wholeNumber("earlyStopping.patience", patience, 0);
  if (known.includes(monitor)) return;
  throw new ArgumentError(
    `fit: earlyStopping.monitor must be one of ${known.join(", ")}, got ${describe(monitor)}`,
  );
}
