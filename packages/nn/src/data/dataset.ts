import { fromNested, type Nested, Tensor } from "@chainrule/core";
import { checkDataset, checkLabels, type NumberType } from "./checks.ts";

/** Examples along the first axis: row i of the inputs belongs to row i of the targets. */
export interface Dataset {
  readonly inputs: Tensor;
  readonly targets: Tensor;
}

/** Batches one after another, such as a generator makes them. */
export type Batches = Iterable<Dataset> | AsyncIterable<Dataset>;

/** Options of `dataset`. */
export interface DatasetOptions {
  /** Element type of inputs and of targets that are no labels; f64 by default. */
  readonly dtype?: NumberType;
  /** The targets are labels 0 … classes − 1, kept as i32. */
  readonly classes?: number;
}

/**
 * Examples from nested arrays or tensors: one input and one target each.
 *
 * Throws ShapeError for ragged rows or unequal numbers of examples, ArgumentError for none, for NaN or ∞, and for
 * labels out of range.
 */
export function dataset(
  inputs: Nested | Tensor,
  targets: Nested | Tensor,
  { dtype = "f64", classes }: DatasetOptions = {},
): Dataset {
  const given = {
    inputs: asTensor("dataset: inputs", inputs, dtype),
    targets: asTensor("dataset: targets", targets, dtype),
  };
  checkDataset("dataset", given);
  if (classes === undefined) return given;
  checkLabels("dataset", given.targets, classes);
  const { shape, data } = given.targets;
  return { inputs: given.inputs, targets: new Tensor(shape, Int32Array.from(data)) };
}

function asTensor(where: string, values: Nested | Tensor, dtype: NumberType): Tensor {
  return values instanceof Tensor ? values : fromNested(where, values, dtype);
}
