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

/** Loops over the same rows, blocks of rows one after another, each through all loops. */
export interface RowsStep {
  readonly kind: "rows";
  /** Number of rows; the rounds of each loop's outermost axis are a multiple of it. */
  readonly rows: Size;
  /** Rows of a block. */
  readonly block: number;
  readonly loops: readonly LoopStep[];
  /** Values that only these loops need, kept for one block: a window moves so that each row is where it would be. */
  readonly kept: readonly {
    readonly window: number;
    readonly scratch: number;
    /** Bytes of a row. */
    readonly bytes: Size;
  }[];
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

/** A product of matrices, either read transposed, or the sum of a stack of products. */
export interface ProductStep {
  readonly kind: "product";
  readonly node: Expr;
  readonly summed: boolean;
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

/** A part of memory that each round of a loop moves on. */
export interface MovingWindow {
  readonly window: number;
  /** Where the part of round 0 begins. */
  readonly view: View;
  /** Bytes from one part to the next. */
  readonly step: Size;
}

/** Rounds of a body: as many as a length says, or a number in memory, or while a condition holds. */
export interface RepeatStep {
  readonly kind: "repeat";
  readonly node: Expr;
  readonly length: Size | undefined;
  /** A 32-bit integer: the rounds to be made, at most `length`. */
  readonly bound: View | undefined;
  /** The condition before each round, and the truth value it leaves. */
  readonly condition: { readonly steps: readonly Step[]; readonly holds: View } | undefined;
  readonly reverse: boolean;
  readonly windows: readonly MovingWindow[];
  /** States copied into windows before each round. */
  readonly histories: readonly {
    readonly window: number;
    readonly state: number;
    readonly bytes: Size;
  }[];
  readonly body: readonly Step[];
  /** Where the number of rounds made is written. */
  readonly count: number | undefined;
  /** States, and further buffers that keep their content from round to round. */
  readonly lasting: readonly number[];
  /** Buffers of the body that are over with each round: from the first up to, without, the last. */
  readonly local: readonly [from: number, to: number];
}

/** One of two lists of steps. */
export interface ChooseStep {
  readonly kind: "choose";
  readonly node: Expr;
  /** A number, true if it is not 0. */
  readonly predicate: View;
  readonly consequent: readonly Step[];
  readonly alternative: readonly Step[];
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
export type Step =
  | LoopStep
  | RowsStep
  | KernelStep
  | ProductStep
  | HostStep
  | RepeatStep
  | ChooseStep
  | ClearStep
  | CopyStep;

/** The lists of steps inside a step. */
export function stepsInside(step: Step): readonly (readonly Step[])[] {
  if (step.kind === "choose") return [step.consequent, step.alternative];
  if (step.kind === "rows") return [step.loops];
  if (step.kind !== "repeat") return [];
  return step.condition === undefined ? [step.body] : [step.condition.steps, step.body];
}

/** All steps, those inside others behind these. */
export function allSteps(steps: readonly Step[]): Step[] {
  const out: Step[] = [];
  const open = [...steps].reverse();
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    out.push(step);
    for (const inside of stepsInside(step).toReversed()) open.push(...inside.toReversed());
  }
  return out;
}

/** The buffers that a step itself reads, apart from steps inside it. */
export function buffersRead(step: Step): number[] {
  switch (step.kind) {
    case "loop":
      return step.reads.flatMap(bufferOf);
    case "kernel":
    case "host":
    case "product":
      return step.args.flatMap(bufferOf);
    case "repeat":
      return [
        ...step.windows.map(({ view }) => view),
        ...optional(step.bound),
        ...optional(step.condition?.holds),
      ].flatMap(bufferOf);
    case "choose":
      return bufferOf(step.predicate);
    case "rows":
    case "clear":
      return [];
    case "copy":
      return [step.from];
  }
}

/** The buffers that a step itself writes, scratch and what lasts through its rounds included. */
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
    case "repeat":
      return [...step.lasting, ...optional(step.count)];
    case "rows":
      return step.kept.map(({ scratch }) => scratch);
    case "choose":
      return [];
    case "clear":
      return [step.buffer];
    case "copy":
      return [step.to];
  }
}

function optional<T>(one: T | undefined): T[] {
  return one === undefined ? [] : [one];
}

function bufferOf({ source }: View): number[] {
  return source.kind === "buffer" ? [source.buffer] : [];
}
