import { type Bindable, type Expr, Tensor, type TypedArray, type Value } from "@chainrule/core";
import { namedFlow } from "../model/index.ts";
import { rowsBetween, type Table } from "./examples.ts";
import { namedLayer } from "./nonFinite.ts";
import { type Engine, type Runner, runner } from "./runner.ts";
import { type StepResult, Sums, stepResult } from "./stepResult.ts";
import { names } from "./stepUpdates.ts";
import type { TrainingStep } from "./trainingStep.ts";

/** Loss and metrics by name. */
export type Measured<M extends string = string> = { readonly loss: number } & {
  readonly [K in M]: number;
};

/** Rows computed at once, so that memory does not grow with the data. */
const ROWS = 512;

/** The graph for prediction with a copy of the parameters, brought up to date before use. */
export class Predictor {
  readonly #graph: TrainingStep;
  readonly #engine: Engine;
  readonly #runners = new Map<string, { readonly runner: Runner; version: number }>();
  #version = -1;
  #read: (name: string) => TypedArray;

  constructor(graph: TrainingStep, engine: Engine) {
    this.#graph = graph;
    this.#engine = engine;
    this.#read = () => new Float64Array();
  }

  /** Says which parameters count; they are copied when something is computed. */
  sync(version: number, read: (name: string) => TypedArray): void {
    this.#version = version;
    this.#read = read;
  }

  /** Outputs of the model, rows joined. */
  predict(table: Table): Tensor {
    const { output } = this.#graph.prediction;
    const outputs = namedFlow("output", output);
    const all = this.#overRows("predict", outputs, table);
    return all[Object.keys(outputs)[0] as string] as Tensor;
  }

  /** Outputs and taps. */
  inspect(table: Table): Readonly<Record<string, Tensor>> {
    const { output, taps } = this.#graph.prediction;
    return this.#overRows(
      "inspect",
      { ...Object.fromEntries(taps), ...namedFlow("output", output) },
      table,
    );
  }

  /** Loss and metrics over all rows. */
  evaluate(table: Table): Measured {
    const { predictedLoss, prediction, metrics, target } = this.#graph;
    const outputs: Record<string, Expr> = { loss: predictedLoss };
    for (const [name, metric] of Object.entries(metrics)) {
      outputs[names.metric + name] = metric.totals(prediction.output as Expr, target);
    }
    const sums = new Sums();
    this.#each("evaluate", outputs, table, (results, rows) => sums.add(stepResult(results), rows));
    return this.measured(sums.result, sums.rows);
  }

  /** Loss and metrics from sums over rows. */
  measured({ loss, totals }: StepResult, rows: number): Measured {
    const out: Record<string, number> = { loss: loss / rows };
    for (const [name, metric] of Object.entries(this.#graph.metrics)) {
      out[name] = metric.value(totals[name] ?? []);
    }
    return out as Measured;
  }

  #overRows(
    key: string,
    outputs: Readonly<Record<string, Expr>>,
    table: Table,
  ): Readonly<Record<string, Tensor>> {
    const parts: Record<string, Tensor[]> = {};
    this.#each(key, outputs, table, (results) => {
      for (const [name, value] of Object.entries(results)) {
        const tensor = value instanceof Tensor ? value : new Tensor([], Float64Array.of(value));
        const list = parts[name];
        if (list === undefined) parts[name] = [tensor];
        else list.push(tensor);
      }
    });
    return Object.fromEntries(Object.entries(parts).map(([name, list]) => [name, joined(list)]));
  }

  #each(
    key: string,
    outputs: Readonly<Record<string, Expr>>,
    table: Table,
    visit: (results: Readonly<Record<string, Value>>, rows: number) => void,
  ): void {
    const made = this.#runnerFor(key, outputs);
    for (let start = 0; start < table.count; start += ROWS) {
      const end = Math.min(start + ROWS, table.count);
      const rows = rowsBetween(table, start, end);
      let results: ReturnType<Runner["run"]>;
      try {
        results = made.run(rows);
      } catch (error) {
        throw this.#named(error, outputs, rows);
      }
      visit(results, end - start);
    }
  }

  /** An error with the layer that it happened in. */
  #named(
    error: unknown,
    outputs: Readonly<Record<string, Expr>>,
    rows: Readonly<Record<string, Bindable>>,
  ): unknown {
    const { prediction, inputs, target } = this.#graph;
    const nodes: Readonly<Record<string, Expr>> = { ...inputs, [names.target]: target };
    const bindings = new Map<Expr, Bindable>();
    for (const [name, value] of Object.entries(rows)) bindings.set(nodes[name] as Expr, value);
    for (const { path, node } of prediction.kept.values()) bindings.set(node, this.#read(path));
    return namedLayer(error, Object.values(outputs), prediction.scopes, bindings);
  }

  #runnerFor(key: string, outputs: Readonly<Record<string, Expr>>): Runner {
    const { prediction, inputs, target, usesTarget } = this.#graph;
    const own = [...prediction.kept.values()].map(({ path, node }) => [path, node] as const);
    const keyed =
      prediction.key === undefined ? own : [...own, [names.randomness, prediction.key] as const];
    let found = this.#runners.get(key);
    if (found === undefined) {
      const targets = key === "evaluate" && usesTarget ? { [names.target]: target } : {};
      const all = { ...inputs, ...targets, ...Object.fromEntries(keyed) };
      const made = runner({ inputs: all, outputs, updates: new Map() }, this.#engine);
      found = { runner: made, version: -1 };
      this.#runners.set(key, found);
    }
    if (found.version !== this.#version) {
      for (const [path] of keyed) found.runner.set(path, this.#read(path));
      found.version = this.#version;
    }
    return found.runner;
  }
}

/** Parts one below the other; a part without axes stays as it is. */
function joined(parts: readonly Tensor[]): Tensor {
  const [first] = parts as readonly [Tensor];
  if (parts.length === 1 || first.shape.length === 0) return first;
  const rows = parts.reduce((total, { shape }) => total + (shape[0] as number), 0);
  const width = first.data.length / (first.shape[0] as number);
  const Elements = first.data.constructor as new (length: number) => TypedArray;
  const data = new Elements(rows * width);
  let offset = 0;
  for (const part of parts) {
    data.set(part.data, offset);
    offset += part.data.length;
  }
  return new Tensor([rows, ...first.shape.slice(1)], data, first.dtype);
}
