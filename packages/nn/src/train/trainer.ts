import type { Executable } from "@chainrule/compile";
import {
  ArgumentError,
  type Bindable,
  describe,
  type Expr,
  formatShape,
  type Nested,
  type Program,
  Tensor,
  type TypedArray,
} from "@chainrule/core";
import type { Flow, LayerLike, Model } from "../model/index.ts";
import type { Batch } from "./batch.ts";
import { checkExamples } from "./checkExamples.ts";
import { type BestSoFar, checkpointOf, restoreCheckpoint } from "./checkpoint.ts";
import { type Examples, inputTable, rowsBetween, type Table, tableOf } from "./examples.ts";
import { fit } from "./fit.ts";
import type { Data, Epoch, FitOptions, ValidatedEpoch } from "./fitOptions.ts";
import { nonFiniteStep, refusedStep } from "./nonFinite.ts";
import type { TrainerOptions } from "./options.ts";
import { type Measured, Predictor } from "./predictor.ts";
import { type Engine, type Runner, runner } from "./runner.ts";
import { type StepResult, stepResult } from "./stepResult.ts";
import { names } from "./stepUpdates.ts";
import { type TrainingStep, trainingStep } from "./trainingStep.ts";

/** A model with all it takes to train it: parameters, optimizer state, the compiled step. */
export class Trainer<M extends string = string> {
  /** The graphs of step and prediction, and everything a checkpoint holds. */
  readonly graph: TrainingStep;
  readonly options: TrainerOptions<Flow, M>;
  /** What the order of examples and the share held out are drawn by; a checkpoint brings its own. */
  seed: number;
  /** Epochs finished. */
  epoch = 0;
  /** What every epoch measured, as data. */
  history: Epoch<M>[] = [];
  /** The best validation so far, while early stopping watches. @internal */
  best: BestSoFar | undefined;
  readonly #state = new Map<string, TypedArray>();
  readonly #engine: Engine;
  #runner: Runner | undefined;
  #predictor: Predictor | undefined;
  #version = 0;

  /** @internal Made by `trainer`. */
  constructor(recipe: LayerLike<Flow, Flow>, options: TrainerOptions<Flow, M>) {
    this.graph = trainingStep(recipe, options as TrainerOptions<Flow>);
    this.options = options;
    this.seed = options.seed ?? 0;
    this.#engine = options.engine ?? "compiled";
    for (const { name, initial } of this.graph.held) this.#state.set(name, initial());
  }

  /** The step of training as a graph, to be drawn or exported: loss, metrics, what replaces each state. */
  get program(): Program {
    return this.graph.program;
  }

  /** The model as it predicts. */
  get model(): Model<Flow, Flow> {
    return this.graph.prediction;
  }

  /** The compiled step, once it has run: for measurements, and to see what it is made of. */
  get executable(): Executable | undefined {
    return this.#runner?.executable;
  }

  /** Updates made so far. */
  get steps(): number {
    return this.read(names.step)[0] as number;
  }

  /** Paths of the parameters. */
  get parameters(): readonly string[] {
    const all = [...this.graph.training.kept.values()];
    return all.filter(({ kind }) => kind === "parameter").map(({ path }) => path);
  }

  /** A copy of a parameter, a running statistic or a state of the optimizer. */
  get(name: string): Tensor {
    const { node } = this.#heldAt(name);
    return new Tensor(node.shape as readonly number[], this.read(name), node.dtype);
  }

  /** Replaces a parameter or a state. Throws ShapeError unless the tensor has its shape. */
  set(name: string, value: Tensor): void {
    const { node } = this.#heldAt(name);
    const got = value instanceof Tensor ? formatShape(value.shape) : describe(value);
    if (got !== formatShape(node.shape)) {
      throw new ArgumentError(
        `set: ${name} must be a tensor of shape ${formatShape(node.shape)}, got ${got}`,
      );
    }
    const elements = this.read(name);
    elements.set(value.data);
    this.write(name, elements);
  }

  /**
   * One update on one batch: forward, loss, gradients, optimizer. Gives the loss before the update.
   *
   * Throws NonFiniteError, and changes nothing, if the loss or a new parameter is NaN or ∞.
   */
  step(batch: Examples): Measured<M> {
    const { tensors, count } = tableOf("step", this.graph, batch);
    return this.measured(this.runBatch({ tensors: () => tensors, rows: count }), 1);
  }

  /**
   * Trains epoch by epoch: `for await (const epoch of t.fit(data, { epochs: 100 }))`.
   *
   * Throws before the first step if the data do not fit; see `FitOptions`.
   */
  fit(
    data: Data,
    options: FitOptions<M> & { readonly validation: number | Examples },
  ): AsyncGenerator<ValidatedEpoch<M>, void, undefined>;
  fit(data: Data, options?: FitOptions<M>): AsyncGenerator<Epoch<M>, void, undefined>;
  fit(data: Data, options: FitOptions<M> = {}): AsyncGenerator<never, void, undefined> {
    return fit(this, data, options) as AsyncGenerator<never, void, undefined>;
  }

  /** Trains to the end and gives the history of these epochs. */
  async train(data: Data, options: FitOptions<M> = {}): Promise<readonly Epoch<M>[]> {
    const epochs: Epoch<M>[] = [];
    for await (const epoch of this.fit(data, options)) epochs.push(epoch);
    return epochs;
  }

  /** Outputs for inputs: a tensor for a tensor, arrays for arrays; of several the first (`inspect` gives all). */
  predict(inputs: Tensor): Tensor;
  predict(inputs: Nested): Nested;
  predict(inputs: Examples["inputs"]): Tensor | Nested;
  predict(inputs: Examples["inputs"]): Tensor | Nested {
    const table = inputTable("predict", this.graph.inputs, inputs);
    const out = this.predictTable(table);
    return inputs instanceof Tensor ? out : out.toArray();
  }

  /** Values of the taps of the model, and of its output, for inputs. */
  inspect(inputs: Examples["inputs"]): Readonly<Record<string, Tensor>> {
    const table = inputTable("inspect", this.graph.inputs, inputs);
    return this.#current().inspect(table);
  }

  /** Loss and metrics over examples, without training. */
  evaluate(examples: Examples): Measured<M> {
    const table = tableOf("evaluate", this.graph, examples);
    checkExamples("evaluate", this.graph, table);
    return this.evaluateTable(table);
  }

  /** Weights, state of the optimizer, counts and best weights as a safetensors file in memory. */
  checkpoint(): Uint8Array<ArrayBuffer> {
    return checkpointOf(this);
  }

  /** Goes on from a checkpoint. Throws ArgumentError with all mismatches at once, and then changes nothing. */
  restore(bytes: Uint8Array): void {
    restoreCheckpoint(this, bytes);
  }

  /** Writes a checkpoint to a file, which holds the old content or the new, never a part. */
  async save(path: string): Promise<void> {
    const { writeFile } = await import("#files");
    await writeFile(path, this.checkpoint());
  }

  /** Goes on from the checkpoint in a file; see `restore`. */
  async load(path: string): Promise<void> {
    const { readFile } = await import("#files");
    this.restore(await readFile(path));
  }

  /** @internal Runs a step on checked examples. */
  runBatch(examples: Batch, epoch?: number, batch?: number): StepResult {
    const own = this.#training();
    const views = examples.names && own.views(examples.names);
    const inPlace = views !== undefined && examples.writeTo?.(views) === true;
    let results: ReturnType<Runner["rerun"]>;
    try {
      results = inPlace ? own.rerun() : own.run(examples.tensors());
    } catch (error) {
      throw refusedStep(this.graph, this.#bindings(examples.tensors()), error);
    }
    this.#version++;
    if (results[names.finite] === 0) {
      const tensors = examples.tensors();
      const place = epoch === undefined ? undefined : { epoch, batch };
      throw nonFiniteStep(this.graph, tensors, this.#bindings(tensors), results["loss"], place);
    }
    return stepResult(results);
  }

  /** @internal Loss and metrics from sums: the loss times rows, over rows. */
  measured({ loss, totals }: StepResult, rows: number): Measured<M> {
    return this.#current().measured({ loss, totals }, rows) as Measured<M>;
  }

  /** @internal Parameters and running statistics, as copies. */
  weights(): ReadonlyMap<string, TypedArray> {
    return new Map([...this.graph.training.kept.keys()].map((path) => [path, this.read(path)]));
  }

  /** @internal Outputs for checked inputs. */
  predictTable(table: Table): Tensor {
    return this.#current().predict(table);
  }

  /** @internal Loss and metrics over checked examples. */
  evaluateTable(table: Table): Measured<M> {
    return this.#current().evaluate(table) as Measured<M>;
  }

  /** @internal A copy of the elements of a state. */
  read(name: string): TypedArray {
    return this.#runner?.get(name) ?? (this.#state.get(name) as TypedArray).slice();
  }

  /** @internal */
  write(name: string, elements: TypedArray): void {
    this.#version++;
    if (this.#runner === undefined) this.#state.set(name, elements);
    else this.#runner.set(name, elements);
  }

  /** @internal Gives the numbers that hosts drive to the step. */
  applyHosts(): void {
    for (const { name, host } of this.graph.hosts) this.write(name, Float64Array.of(host.value()));
  }

  /** @internal Values of all inputs of the step: the first rows of examples, and the state. */
  bindings(examples: Examples, limit: number): ReadonlyMap<Expr, Bindable> {
    const table = tableOf("examples", this.graph, examples);
    return this.#bindings(rowsBetween(table, 0, Math.min(limit, table.count)));
  }

  #heldAt(name: string): TrainingStep["held"][number] {
    const found = this.graph.held.find((held) => held.name === name);
    if (found === undefined) {
      const known = this.graph.held.slice(0, 10).map((held) => held.name);
      throw new ArgumentError(`get: a name must be one of ${known.join(", ")}, got "${name}"`);
    }
    return found;
  }

  #training(): Runner {
    if (this.#runner === undefined) {
      const { program } = this.graph;
      const { variables, definitions, updates } = program;
      const made = runner({ inputs: variables, outputs: definitions, updates }, this.#engine);
      for (const [name, elements] of this.#state) made.set(name, elements);
      this.#state.clear();
      this.#runner = made;
    }
    return this.#runner;
  }

  #current(): Predictor {
    this.#predictor ??= new Predictor(this.graph, this.#engine);
    this.#predictor.sync(this.#version, (name) => this.read(name));
    return this.#predictor;
  }

  #bindings(tensors: Readonly<Record<string, Bindable>>): ReadonlyMap<Expr, Bindable> {
    const { held, program } = this.graph;
    const out = new Map<Expr, Bindable>();
    for (const [name, tensor] of Object.entries(tensors)) {
      out.set(program.variables[name] as Expr, tensor);
    }
    for (const { name, node } of held) {
      const elements = this.read(name);
      out.set(node, node.shape.length === 0 ? (elements[0] as number) : elements);
    }
    return out;
  }
}

/**
 * A trainer for a model: its loss, optimizer and seed fixed, its step built as one program.
 *
 * Throws where the model, the loss and the input do not fit.
 */
export function trainer<
  I extends Flow,
  O extends Flow,
  M extends string = never,
  K extends string = never,
>(model: LayerLike<I, O>, options: TrainerOptions<O, M, K>): Trainer<M | K> {
  return new Trainer<M | K>(
    model as unknown as LayerLike<Flow, Flow>,
    options as unknown as TrainerOptions<Flow, M | K>,
  );
}
