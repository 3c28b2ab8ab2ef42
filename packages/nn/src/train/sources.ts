import { ArgumentError, describe } from "@chainrule/core";
import { epochOrder } from "../data/index.ts";
import { random } from "../random/index.ts";
import type { Batch } from "./batch.ts";
import { checkExamples } from "./checkExamples.ts";
import { type Examples, Gatherer, type Table, tableOf } from "./examples.ts";
import type { Data, FitOptions } from "./fitOptions.ts";
import { splitTable } from "./splitTable.ts";
import type { Trainer } from "./trainer.ts";

/** Batches of an epoch, checked. */
export interface Source {
  readonly count: number | undefined;
  readonly batches: (epoch: number) => Iterable<Batch> | AsyncIterable<Batch>;
  /** The examples themselves and how they are divided, where they are all there. */
  readonly whole?: Whole;
}

/** Examples that are all there: what an engine elsewhere is sent. */
export interface Whole {
  readonly table: Table;
  readonly size: number;
  readonly order: (epoch: number) => Int32Array;
}

/** What is trained on, and what is held out. */
export function sourcesOf<M extends string>(
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
  const seed = t.seed;
  const [training, held] = splitTable(all, validation, random(seed, "validation"));
  return { source: shuffled(t, training, options), held };
}

/** Whether data are the examples themselves, not batches of them. */
export function isExamples(data: Data): data is Examples {
  return typeof data === "object" && data !== null && "inputs" in data;
}

/** Examples with the shapes of the program, finite, and of labels that the loss takes. */
function checked<M extends string>(t: Trainer<M>, where: string, examples: Examples): Table {
  const table = tableOf(where, t.graph, examples);
  checkExamples(where, t.graph, table);
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
  const seed = t.seed;
  const asGiven = Int32Array.from({ length: table.count }, (_, i) => i);
  const orderOf = (epoch: number): Int32Array =>
    shuffle ? epochOrder(table.count, seed, epoch) : asGiven;
  return {
    count: Math.ceil(table.count / size),
    whole: { table, size, order: orderOf },
    *batches(epoch) {
      const order = orderOf(epoch);
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
  if (typeof data !== "function" && !isIterable(data)) {
    throw new ArgumentError(
      `fit: data must be { inputs, targets }, batches, or a function of the epoch that gives batches, got ${describe(data)}`,
    );
  }
  return {
    count: undefined,
    async *batches(epoch) {
      const given: unknown = make(epoch);
      if (!isIterable(given)) {
        throw new ArgumentError(
          `fit: a function of the epoch must give batches, got ${describe(given)}`,
        );
      }
      for await (const examples of given) {
        const table = tableOf("fit", t.graph, examples);
        yield { tensors: () => table.tensors, rows: table.count };
      }
    },
  };
}

function isIterable(given: unknown): given is Iterable<Examples> | AsyncIterable<Examples> {
  if (typeof given !== "object" || given === null) return false;
  return Symbol.iterator in given || Symbol.asyncIterator in given;
}

/** Throws ArgumentError unless an option of `fit` is a whole number ≥ `least`. */
export function wholeNumber(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new ArgumentError(
      `fit: ${name} must be a whole number ≥ ${least}, got ${describe(value)}`,
    );
  }
}
