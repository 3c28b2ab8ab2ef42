import { ArgumentError } from "@chainrule/core";
import type { Batch } from "./batch.ts";
import { checkFit } from "./checkFit.ts";
import type { Data, EarlyStopping, Epoch, FitOptions } from "./fitOptions.ts";
import type { Measured } from "./predictor.ts";
import { isExamples, type Source, sourcesOf } from "./sources.ts";
import { Sums } from "./stepResult.ts";
import type { StopRule } from "./stopping.ts";
import type { EngineEpoch } from "./trainEngine.ts";
import type { Trainer } from "./trainer.ts";
import { politely } from "./yieldToHost.ts";

/** The loop of `Trainer.fit`. */
export async function* fit<M extends string>(
  t: Trainer<M>,
  data: Data,
  options: FitOptions<M>,
): AsyncGenerator<Epoch<M>, void, undefined> {
  checkFit(t, options);
  const { epochs = 1, earlyStopping, signal, now = () => performance.now() } = options;
  const { source, held } = sourcesOf(t, data, options);
  if (earlyStopping !== undefined && held === undefined) {
    throw new ArgumentError("fit: early stopping needs validation, got none; add validation: 0.2");
  }
  const pause = politely(options.yieldEvery ?? 16, now);
  const rules = [options.stop ?? []].flat();
  const elsewhere = engineOf(t, source, epochs, options);
  try {
    for (let done = 0; done < epochs; done++) {
      const begun = now();
      const sums =
        elsewhere === undefined
          ? await runEpoch(t, source, options, pause)
          : await nextEpoch(elsewhere, options);
      t.epoch++;
      const measured = t.measured(sums.result, sums.rows);
      const validation = held === undefined ? undefined : t.evaluateTable(held);
      observe(t, validation ?? measured);
      const watched = earlyStopping !== undefined && validation !== undefined;
      const stopped = watched ? watch(t, validation, earlyStopping) : undefined;
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
    await elsewhere?.epochs.return?.();
    if (earlyStopping !== undefined) restoreBest(t);
  }
}

/** An engine at work elsewhere. */
interface Elsewhere {
  readonly name: string;
  readonly epochs: AsyncIterator<EngineEpoch>;
}

/** Sends the examples to the engine asked for. Throws ArgumentError unless they are all there. */
function engineOf<M extends string>(
  t: Trainer<M>,
  { whole }: Source,
  epochs: number,
  { engine, signal }: FitOptions<M>,
): Elsewhere | undefined {
  if (engine === undefined || epochs === 0) return undefined;
  if (whole === undefined) {
    throw new ArgumentError(
      `fit: the engine ${engine.name} needs the examples themselves, got batches; give { inputs, targets }`,
    );
  }
  const { table, size, order } = whole;
  const trainer = t as unknown as Trainer;
  const { tensors: examples, count } = table;
  const job = { trainer, examples, count, batch: size, epochs, order, signal };
  return { name: engine.name, epochs: engine.train(job)[Symbol.asyncIterator]() };
}

async function nextEpoch<M extends string>(
  { name, epochs }: Elsewhere,
  { signal }: FitOptions<M>,
): Promise<EngineEpoch> {
  signal?.throwIfAborted();
  const { value, done } = await epochs.next();
  if (done === true) {
    throw new ArgumentError(`fit: the engine ${name} must give every epoch, got fewer`);
  }
  return value;
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
  const learn = (examples: Batch): void => {
    signal?.throwIfAborted();
    batch++;
    sums.add(t.runBatch(examples, epoch, batch), examples.rows);
  };
  const give = async (): Promise<void> => {
    if (onBatch !== undefined) {
      const loss = sums.result.loss / sums.rows;
      await onBatch({ epoch, batch, batches: source.count, loss });
    }
    await pause();
  };
  const batches = source.batches(epoch);
  if (Symbol.iterator in batches) {
    // Waiting for what is there already takes longer than a step of a small network.
    for (const examples of batches) {
      learn(examples);
      const paused = onBatch === undefined ? pause() : give();
      if (paused !== undefined) await paused;
    }
  } else {
    for await (const examples of batches) {
      learn(examples);
      await give();
    }
  }
  if (batch === 0) {
    throw new ArgumentError(
      `fit: the data must give a batch in every epoch, got none in epoch ${epoch}; a generator ends, so pass a function () => batches`,
    );
  }
  return sums;
}

function observe<M extends string>(t: Trainer<M>, measured: Measured<M>): void {
  const numbers: Readonly<Record<string, number>> = measured;
  let changed = false;
  for (const { host } of t.graph.hosts) {
    changed = host.observe(numbers[host.monitor ?? "loss"] as number) || changed;
  }
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
  validation: Measured<M>,
  { patience, monitor = "loss", mode, minDelta = 0 }: EarlyStopping<M>,
): string | undefined {
  const measured = (validation as Readonly<Record<string, number>>)[monitor] as number;
  const sign = (mode ?? (monitor === "loss" ? "min" : "max")) === "min" ? 1 : -1;
  const score = sign * measured;
  if (t.best === undefined || Number.isNaN(t.best.score) || score < t.best.score - minDelta) {
    t.best = { score, epoch: t.epoch, tensors: t.weights() };
    return undefined;
  }
  if (t.epoch - t.best.epoch < patience) return undefined;
  return `validation ${monitor} has not improved for ${patience} epochs; its best was ${sign * t.best.score} in epoch ${t.best.epoch}`;
}

function restoreBest<M extends string>(t: Trainer<M>): void {
  if (t.best === undefined) return;
  for (const [name, elements] of t.best.tensors) t.write(name, elements.slice());
  t.best = undefined;
}
