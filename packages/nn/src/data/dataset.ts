import type { Tensor } from "@chainrule/core";

/** Examples along the first axis: row i of the inputs belongs to row i of the targets. */
export interface Dataset {
  readonly inputs: Tensor;
  readonly targets: Tensor;
}

/** Batches one after another, such as a generator makes them. */
export type Batches = Iterable<Dataset> | AsyncIterable<Dataset>;
