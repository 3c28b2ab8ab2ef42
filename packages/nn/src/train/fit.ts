import { ArgumentError, describe, type Tensor } from "@chainrule/core";
import type { Loss } from "../losses/index.ts";
import { namedFlow } from "../model/index.ts";
import { random } from "../random/index.ts";
import { checkFinite, type Examples, Gatherer, type Table, tableOf } from "./examples.ts";
import type { Measured } from "./predictor.ts";
import { splitTable } from "./splitTable.ts";
import { Sums } from "./stepResult.ts";
import type { StopRule } from "./stopping.ts";
import type { Batch, Trainer } from "./trainer.ts";
import { politely } from "./yieldToHost.ts";

/** Batches one after another, as a generator makes them. */
export type BatchSource = Iterable<Examples> | AsyncIterable<Examples>;

/** Examples; or batches; or a function that gives the batches of an epoch, from 1. */
export type Data = Examples | BatchSource | ((epoch: number) => BatchSource);

/** What an epoch measured: training loss and metrics, as they were while the parameters moved. */
export type Epoch<M extends string = string> = Measured<M> & {
  /** From 1, over all calls of `fit`. */
  readonly epoch: number;
  /** Updates made so far. */
  readonly steps: number;
  /** Time it took, validation included; not kept in checkpoints. */
  readonly seconds?: number;
  readonly validation?: Measured<M> | undefined;
  /** Why training ends with this epoch, if it does. */
  readonly stopped?: string | undefined;
};

/** An epoch with what was measured on examples held out. */
export type ValidatedEpoch<M extends string = string> = Epoch<M> & {
  readonly validation: Measured<M>;
};

/** When to stop although the loss in training falls. */
export interface EarlyStopping<M extends string = string> {
  /** Epochs without improvement that are borne. */
  readonly patience: number;
  /** What is watched on the examples held out; the loss unless given. */
  readonly monitor?: "loss" | M;
  /** Whether large values are better; for the loss small ones are, for metrics large ones. */
  readonly mode?: "min" | "max";
  /** How much better than the best counts as better; 0 unless given. */
  readonly minDelta?: number;
}

/** Where training is, for callbacks. */
export interface Progress {
  readonly epoch: number;
  readonly batch: number;
  /** Batches of the epoch, where that is known. */
  readonly batches: number | undefined;
  /** Mean loss of the epoch so far. */
  readonly loss: number;
}

/** Options of `fit`. */
export interface FitOptions<M extends string = string> {
  /** Epochs of this call; 1 unless given. */
  readonly epochs?: number;
  /** Examples a step: 1 for the lecture's algorithm, `"all"` for the whole set; min(32, examples) unless given. */
  readonly batch?: number | "all";
  /** Examples held out: a share of the data, drawn by the seed, or a set of their own. */
  readonly validation?: number | Examples;
  readonly earlyStopping?: EarlyStopping<M>;
  /** Further reasons to stop, asked after every epoch. */
  readonly stop?: StopRule | readonly StopRule[];
  /** Whether the order of examples changes every epoch; true unless given. */
  readonly shuffle?: boolean;
  /** Called after every epoch, before it is given out. */
  readonly onEpoch?: (epoch: Epoch<M>) => void | Promise<void>;
  /** Called after every step. */
  readonly onBatch?: (progress: Progress) => void | Promise<void>;
  /** Ends training between two steps: `fit` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Longest time in ms before the host may draw; 16 unless given. */
  readonly yieldEvery?: number;
  /** The time in ms; the platform's clock unless given. */
  readonly now?: () => number;
}

/** Batches of an epoch, checked. */
interface Source {
  readonly count: number | undefined;
  readonly batches: (epoch: number) => Iterable<Batch> | AsyncIterable<Batch>;
}

/** The loop of `Trainer.fit`. */
export async function* fit<M extends string>(
  t: Trainer<M>,
  data: Data,
  options: FitOptions<M>,
): AsyncGenerator<Epoch<M>, void, undefined> {
  const { epochs = 1, earlyStopping, signal, now = () => performance.now() } = options;
  wholeNumber("epochs", epochs, 0);
  const { source, held } = sourcesOf(t, data, options);
  if (earlyStopping !== undefined && held === undefined) {
    throw new ArgumentError("fit: early stopping needs validation, got none; add validation: 0.2");
  }
  const pause = politely(options.yieldEvery ?? 16, now);
  const rules = [options.stop ?? []].flat();
  try {
    for (let done = 0; done < epochs; done++) {
      const begun = now();
      const sums = await runEpoch(t, source, options, pause);
      t.epoch++;
      const measured = t.measured(sums.result, sums.rows);
      const validation = held === undefined ? undefined : t.evaluateTable(held);
      observe(t, (validation ?? measured).loss);
      const stopped = earlyStopping === undefined ? undefined : watch(t, validation, earlyStopping);
      const seconds = (now() - begun) / 1000;
      const plain = { ...measured, epoch: t.epoch, steps: t.steps, seconds, validation };
      const reason = stopped ?? (await firstReason(rules, t, plain as Epoch<M>, data));
      const epoch = { ...plain, ...(reason === undefined ? {} : { stopped: reason }) } as Epoch<M>;
      t.history.push(epoch);
      await options.onEpoch?.(epoch);
      yield epoch;
      signal?.throwIfAborted();
      if (reason !== undefined) return;
    }
  } finally {
    if (earlyStopping !== undefined) restoreBest(t);
  }
}

async function runEpoch<M extends string>(
  t: Trainer<M>,
  source: Source,
  { signal, onBatch }: FitOptions<M>,
  pause: () => Promise<void> | undefined,
): Promise<Sums> {
  const sums = new Sums();
  const epoch = t.epoch + 1;
  let batch = 0;
  t.applyHosts();
  for await (const examples of source.batches(epoch)) {
    signal?.throwIfAborted();
    batch++;
    sums.add(t.runBatch(examples, epoch, batch), examples.rows);
    if (onBatch !== undefined) {
      const loss = sums.result.loss / sums.rows;
      await onBatch({ epoch, batch, batches: source.count, loss });
    }
    const paused = pause();
    if (paused !== undefined) await paused;
  }
  if (batch === 0) {
    throw new ArgumentError(
      `fit: the data must give a batch in every epoch, got none in epoch ${epoch}; a generator ends, so pass a function () => batches`,
    );
  }
  return sums;
}

function sourcesOf<M extends string>(
  t: Trainer<M>,
  data: Data,
  options: FitOptions<M>,
): { readonly source: Source; readonly held: Table | undefined } {
  const { validation } = options;
  if (!isExamples(data)) {
    if (typeof validation === "number") {
      throw new ArgumentError(
        `fit: a share for validation needs the examples themselves, got ${validation} with batches; give validation examples`,
      );
    }
    const held = validation === undefined ? undefined : checked(t, "validation", validation);
    return { source: streamed(t, data), held };
  }
  const all = checked(t, "fit", data);
  if (typeof validation !== "number") {
    const held = validation === undefined ? undefined : checked(t, "validation", validation);
    return { source: shuffled(t, all, options), held };
  }
  const seed = t.options.seed ?? 0;
  const [training, held] = splitTable(all, validation, random(seed, "validation"));
  return { source: shuffled(t, training, options), held };
}

function isExamples(data: Data): data is Examples {
  return typeof data === "object" && data !== null && "inputs" in data;
}

/** Examples with the shapes of the program, finite, and of labels that the loss takes. */
function checked<M extends string>(t: Trainer<M>, where: string, examples: Examples): Table {
  const table = tableOf(where, t.graph, examples);
  checkFinite(where, table);
  const [output] = Object.values(namedFlow("output", t.graph.prediction.output));
  const { problem } = t.options.loss as { problem?: NonNullable<Loss["problem"]> };
  const target = table.tensors["target"] as Tensor;
  const shape = (output?.shape ?? []).map((dim) => (typeof dim === "number" ? dim : table.count));
  const found = problem?.({ target, output: { shape } });
  if (found !== undefined) throw new ArgumentError(`${where}: ${found}`);
  return table;
}

function shuffled<M extends string>(
  t: Trainer<M>,
  table: Table,
  { batch = Math.min(32, table.count), shuffle = true }: FitOptions<M>,
): Source {
  const size = batch === "all" ? table.count : batch;
  wholeNumber("batch", size, 1);
  if (size > table.count) {
    throw new ArgumentError(
      `fit: a batch must not be larger than the data, got ${size} of ${table.count} examples; use batch: "all"`,
    );
  }
  const gatherer = new Gatherer(table);
  const order = new Int32Array(table.count);
  return {
    count: Math.ceil(table.count / size),
    *batches(epoch) {
      for (let i = 0; i < order.length; i++) order[i] = i;
      // Each epoch has a generator of its own, so that resuming needs no more than the epoch.
      if (shuffle) random(t.options.seed ?? 0, "shuffle", epoch).shuffle(order);
      for (let start = 0; start < order.length; start += size) {
        const end = Math.min(start + size, order.length);
        yield {
          rows: end - start,
          names: gatherer.names,
          tensors: () => gatherer.rows(order, start, end),
          writeTo: (views) => gatherer.writeTo(views, order, start, end),
        };
      }
    },
  };
}

function streamed<M extends string>(t: Trainer<M>, data: Exclude<Data, Examples>): Source {
  const make = typeof data === "function" ? data : () => data;
  const usable =
    typeof data === "function" ||
    (typeof data === "object" &&
      data !== null &&
      (Symbol.iterator in data || Symbol.asyncIterator in data));
  if (!usable) {
    throw new ArgumentError(
      `fit: data must be { inputs, targets }, batches, or a function of the epoch that gives batches, got ${describe(data)}`,
    );
  }
  return {
    count: undefined,
    async *batches(epoch) {
      for await (const examples of make(epoch)) {
        const table = tableOf("fit", t.graph, examples);
        yield { tensors: () => table.tensors, rows: table.count };
      }
    },
  };
}

function wholeNumber(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new ArgumentError(
      `fit: ${name} must be a whole number ≥ ${least}, got ${describe(value)}`,
    );
  }
}

function observe<M extends string>(t: Trainer<M>, loss: number): void {
  let changed = false;
  for (const { host } of t.graph.hosts) changed = host.observe(loss) || changed;
  if (changed) t.applyHosts();
}

async function firstReason<M extends string>(
  rules: readonly StopRule[],
  t: Trainer<M>,
  epoch: Epoch<M>,
  data: Data,
): Promise<string | undefined> {
  for (const rule of rules) {
    const examples = isExamples(data) ? data : undefined;
    const history = [...t.history, epoch] as unknown as readonly Epoch[];
    const reason = await rule({ history, trainer: t as unknown as Trainer, examples });
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Keeps the best weights; a reason to stop once nothing has improved for long. */
function watch<M extends string>(
  t: Trainer<M>,
  validation: Measured<M> | undefined,
  { patience, monitor = "loss", mode, minDelta = 0 }: EarlyStopping<M>,
): string | undefined {
  wholeNumber("earlyStopping.patience", patience, 0);
  const measured = (validation as Readonly<Record<string, number>> | undefined)?.[monitor];
  if (measured === undefined) {
    const known = Object.keys(validation ?? {}).join(", ");
    throw new ArgumentError(
      `fit: earlyStopping.monitor must be one of ${known}, got ${describe(monitor)}`,
    );
  }
  const sign = (mode ?? (monitor === "loss" ? "min" : "max")) === "min" ? 1 : -1;
  const score = sign * measured;
  if (t.best === undefined || score < t.best.score - minDelta) {
    t.best = { score, epoch: t.epoch, tensors: t.weights() };
    return undefined;
  }
  if (t.epoch - t.best.epoch < patience) return undefined;
  return `validation ${monitor} has not improved for ${patience} epochs; its best was ${sign * t.best.score} in epoch ${t.best.epoch}`;
}

function restoreBest<M extends string>(t: Trainer<M>): void {
  if (t.best === undefined) return;
  for (const [name, elements] of t.best.tensors) t.write(name, elements.slice());
}
