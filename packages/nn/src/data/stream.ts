import { ArgumentError, fromNested, type Nested, Tensor } from "@chainrule/core";
import { checkLast } from "./batches.ts";
import { checkDataset, checkWhole, type NumberType } from "./checks.ts";
import type { Batches, Dataset } from "./dataset.ts";
import { concatExamples, countExamples, dropExamples, takeExamples } from "./examples.ts";

/** One input and its target. */
export type Example = readonly [input: Nested | Tensor, target: Nested | Tensor];

/** Options of `streamBatches`. */
export interface StreamOptions {
  /** Examples a batch. */
  readonly size: number;
  readonly last?: "keep" | "drop";
  /** Element types; f64 by default. Labels are i32. */
  readonly inputs?: NumberType | "i32";
  readonly targets?: NumberType | "i32";
}

/** Batches from examples that arrive one after another, without end if they do not end. */
export async function* streamBatches(
  examples: Iterable<Example> | AsyncIterable<Example>,
  options: StreamOptions,
): AsyncGenerator<Dataset, void, undefined> {
  const { size, last = "keep", inputs = "f64", targets = "f64" } = options;
  checkWhole("streamBatches", "batch size", size, 1);
  checkLast("streamBatches", last);
  let waiting: Dataset[] = [];
  let seen = 0;
  for await (const [input, target] of examples) {
    const example = {
      inputs: oneRow(`streamBatches: input ${seen}`, input, inputs),
      targets: oneRow(`streamBatches: target ${seen}`, target, targets),
    };
    checkDataset(`streamBatches: example ${seen}`, example);
    seen++;
    waiting.push(example);
    if (waiting.length < size) continue;
    yield concatExamples(...waiting);
    waiting = [];
  }
  if (waiting.length > 0 && last === "keep") yield concatExamples(...waiting);
}

function oneRow(where: string, value: Nested | Tensor, dtype: NumberType | "i32"): Tensor {
  const tensor = value instanceof Tensor ? value : fromNested(where, value, dtype);
  return new Tensor([1, ...tensor.shape], tensor.data, tensor.dtype);
}

/** The same examples in batches of another size. */
export async function* rebatch(
  source: Batches,
  { size, last = "keep" }: Pick<StreamOptions, "size" | "last">,
): AsyncGenerator<Dataset, void, undefined> {
  checkWhole("rebatch", "batch size", size, 1);
  checkLast("rebatch", last);
  let waiting: Dataset[] = [];
  let count = 0;
  for await (const batch of source) {
    checkDataset("rebatch", batch);
    let rest = batch;
    let left = countExamples(batch);
    while (count + left >= size) {
      yield concatExamples(...waiting, takeExamples(rest, size - count));
      left -= size - count;
      rest = left === 0 ? rest : dropExamples(rest, size - count);
      waiting = [];
      count = 0;
    }
    if (left > 0) waiting.push(rest);
    count += left;
  }
  if (count > 0 && last === "keep") yield concatExamples(...waiting);
}

/** All batches as one set. Throws ArgumentError where there are none, or more than `limit` examples. */
export async function collect(
  source: Batches,
  { limit = Number.POSITIVE_INFINITY }: { readonly limit?: number } = {},
): Promise<Dataset> {
  const parts: Dataset[] = [];
  let count = 0;
  for await (const batch of source) {
    count += checkDataset(`collect: batch ${parts.length}`, batch);
    if (count > limit) {
      throw new ArgumentError(`collect: there must be at most ${limit} examples, got more`);
    }
    parts.push(batch);
  }
  return concatExamples(...parts);
}
