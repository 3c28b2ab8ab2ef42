import type { TypedArray } from "@chainrule/core";
import type { Slot } from "../plan/layout.ts";

/** Where an executable keeps the elements of its named tensors. */
export interface Store {
  /** Lengths of the named sizes, as far as they are known. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Bytes in use. */
  readonly bytes: number;
  /** Memory that all views look into, another once it has grown; undefined where each tensor has its own. */
  readonly buffer: ArrayBufferLike | undefined;
  /** Whether an array looks into memory of the store. */
  owns(array: TypedArray): boolean;
  /** Whether all named sizes are known. */
  readonly isPlaced: boolean;
  /** Whether these are all named sizes, and not the lengths there are. */
  isChangedBy(sizes: ReadonlyMap<string, number>): boolean;
  /**
   * Makes room for new lengths of the named sizes. Inputs whose own size stays keep their content.
   *
   * Throws EvaluationError, and changes nothing, if memory does not suffice or an op cannot do with a length.
   */
  resize(sizes: ReadonlyMap<string, number>): void;
  /** Whether a slot has its place: always once sizes are known, before only if its shape is fixed. */
  has(slot: Slot): boolean;
  /** The elements of a slot that has its place. */
  view(slot: Slot): TypedArray;
}
