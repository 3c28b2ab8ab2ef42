import { Tensor, type Value } from "@chainrule/core";
import { names } from "./stepUpdates.ts";

/** What one step measured: the loss before its update, and what metrics are made of. */
export interface StepResult {
  readonly loss: number;
  /** Totals of each metric over the batch, to be added up. */
  readonly totals: Readonly<Record<string, ArrayLike<number>>>;
}

/** Loss and totals among the results of a program. */
export function stepResult(results: Readonly<Record<string, Value>>): StepResult {
  const totals: Record<string, ArrayLike<number>> = {};
  for (const name in results) {
    const metric = metricOf(name);
    if (metric === undefined) continue;
    const value = results[name] as Value;
    totals[metric] = value instanceof Tensor ? value.data : [value];
  }
  return { loss: results["loss"] as number, totals };
}

const metrics = new Map<string, string | undefined>();

/** A metric's own name from that of a result; known by heart, since every step asks. */
function metricOf(name: string): string | undefined {
  if (!metrics.has(name)) {
    const { metric } = names;
    metrics.set(name, name.startsWith(metric) ? name.slice(metric.length) : undefined);
  }
  return metrics.get(name);
}

/** Results of batches added up: the loss times rows. */
export class Sums {
  rows = 0;
  #loss = 0;
  readonly #totals: Record<string, Float64Array> = {};

  add({ loss, totals }: StepResult, rows: number): void {
    this.rows += rows;
    this.#loss += loss * rows;
    for (const name in totals) {
      const part = totals[name] as ArrayLike<number>;
      const sum = this.#totals[name];
      if (sum === undefined) this.#totals[name] = Float64Array.from(part);
      else for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (part[i] as number);
    }
  }

  get result(): StepResult {
    return { loss: this.#loss, totals: this.#totals };
  }
}
