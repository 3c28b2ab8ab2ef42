import type { Tensor, TypedArray } from "@chainrule/core";

/** Examples of one step. */
export interface Batch {
  readonly rows: number;
  readonly tensors: () => Readonly<Record<string, Tensor>>;
  /** The inputs it has, and how it is written straight into their memory if that has its size. */
  readonly names?: readonly string[];
  readonly writeTo?: (views: Readonly<Record<string, TypedArray>>) => boolean;
}
