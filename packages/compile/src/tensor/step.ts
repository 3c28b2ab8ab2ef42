import type { DType, Expr, Shape } from "@chainrule/core";
import type { Size } from "../plan/size.ts";
import type { Kernel } from "./kernel.ts";
import type { View } from "./view.ts";

/** An argument inside a loop: a value computed there, or a read. */
export type Operand =
  | { readonly kind: "value"; readonly index: number }
  | { readonly kind: "read"; readonly index: number };

/** A node computed for each index of a loop's space. */
export interface LoopValue {
  readonly node: Expr;
  readonly args: readonly Operand[];
}

/** Elements written for each index. */
export interface LoopStore {
  readonly operand: Operand;
  /** Where, with the loop's space as its shape. */
  readonly view: View;
}

/** How elements are brought to one. */
export type Combine = "sum" | "product" | "max" | "min" | "any" | "all";

/** Elements combined over some axes of the space. */
export interface LoopReduction {
  readonly operand: Operand;
  readonly combine: Combine;
  readonly axes: readonly number[];
  readonly dtype: DType;
  /** Row-major over the axes that stay. */
  readonly buffer: number;
}

/**
 * What the elements of a loop are computed as: floats, four at a time, or doubles, two at a time, which hold
 * elements of every type.
 */
export type LoopClass = "f64" | "f32";

/** A loop over all indices of a space: values from values and reads, written or combined. */
export interface LoopStep {
  readonly kind: "loop";
  readonly space: Shape;
  readonly type: LoopClass;
  /** Views with the loop's space as their shape. */
  readonly reads: View[];
  readonly values: LoopValue[];
  readonly stores: LoopStore[];
  readonly reductions: LoopReduction[];
}

/** An op with code of its own, on row-major arguments. */
export interface KernelStep {
  readonly kind: "kernel";
  readonly node: Expr;
  readonly kernel: Kernel;
  /** Row-major, from their first element on. */
  readonly args: readonly View[];
  readonly results: readonly number[];
  readonly scratch: readonly number[];
}

/** A product of matrices, either read transposed. */
export interface ProductStep {
  readonly kind: "product";
  readonly node: Expr;
  readonly args: readonly [View, View];
  readonly result: number;
  readonly scratch: number;
}

/** An op that the interpreter computes. */
export interface HostStep {
  readonly kind: "host";
  readonly node: Expr;
  readonly args: readonly View[];
  readonly results: readonly number[];
}

/** Zeros. */
export interface ClearStep {
  readonly kind: "clear";
  readonly buffer: number;
  readonly bytes: Size;
}

/** Bytes from one buffer to another. */
export interface CopyStep {
  readonly kind: "copy";
  readonly from: number;
  readonly to: number;
  readonly bytes: Size;
}

/** What a program does, one after another. */
export type Step = LoopStep | KernelStep | ProductStep | HostStep | ClearStep | CopyStep;

/** The buffers that a step reads. */
export function buffersRead(step: Step): number[] {
  switch (step.kind) {
    case "loop":
      return step.reads.flatMap(bufferOf);
    case "kernel":
    case "host":
    case "product":
      return step.args.flatMap(bufferOf);
    case "clear":
      return [];
    case "copy":
      return [step.from];
  }
}

/** The buffers that a step writes, scratch included. */
export function buffersWritten(step: Step): number[] {
  switch (step.kind) {
    case "loop":
      return [
        ...step.stores.flatMap(({ view }) => bufferOf(view)),
        ...step.reductions.map(({ buffer }) => buffer),
      ];
    case "kernel":
      return [...step.results, ...step.scratch];
    case "product":
      return [step.result, step.scratch];
    case "host":
      return [...step.results];
    case "clear":
      return [step.buffer];
    case "copy":
      return [step.to];
  }
}

function bufferOf({ source }: View): number[] {
  return source.kind === "buffer" ? [source.buffer] : [];
}
