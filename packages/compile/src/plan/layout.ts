import type { DType, Shape } from "@chainrule/core";
import type { Size } from "./size.ts";

/** A stretch of memory that a program uses from one of its steps to another. */
export interface Buffer {
  readonly bytes: Size;
  /** First and last step that needs the content; inputs, outputs and state live always. */
  readonly from: number;
  readonly to: number;
}

/** Where a named tensor lies: row-major, elements stored as `storage`. */
export interface Slot {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  /** `f64` for scalar programs, whose elements are doubles whatever their type; else `dtype`. */
  readonly storage: DType;
  /** Position in `Layout.buffers`. */
  readonly buffer: number;
}

/**
 * What a host must know of a module to run it: plain data, so that it can be saved beside the module.
 *
 * A module without named sizes has its addresses in its code; otherwise each buffer's is an exported mutable
 * global `at:<buffer>`, each named size one called `size:<name>`, and the host sets them by `placeBuffers`
 * whenever the sizes change. A module exports `memory` and `run`, a function without parameters.
 */
export interface Layout {
  readonly sizes: readonly string[];
  readonly buffers: readonly Buffer[];
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
  /** Inputs that each run replaces, by position in `inputs`. */
  readonly state: readonly number[];
  /** Whether memory of dead buffers is used again. */
  readonly reuse: boolean;
}
