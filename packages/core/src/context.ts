import type { Expr, Lambda } from "./expr.ts";
import type { Sizes } from "./shape.ts";
import type { Value } from "./tensor.ts";

/** What a kernel may ask of the evaluation it runs in. */
export interface EvaluationContext {
  /** Values of named sizes. */
  readonly sizes: Sizes;
  /** Runs a closed sub-graph on values of its inputs. */
  call(body: Lambda, inputs: readonly TupleValue[]): readonly TupleValue[];
  /** Whether anything reads result `index` of a node with several: what nobody reads may be 0. */
  wants(node: Expr, index: number): boolean;
}

/** A value, or the values of a node with several results. */
export type TupleValue = Value | readonly Value[];

/** What a reverse rule may ask of the sweep it serves: adjoints through a sub-graph. */
export interface ReverseContext {
  /** Adjoints of `wrt` from adjoints of `outputs`; `undefined` where no path leads. */
  pullback(
    outputs: readonly Expr[],
    seeds: readonly Expr[],
    wrt: readonly Expr[],
  ): readonly (Expr | undefined)[];
}

/** What a forward rule may ask for: tangents through a sub-graph, and adjoints as well. */
export interface ForwardContext extends ReverseContext {
  /** Tangents of `outputs` from tangents of `wrt`; `undefined` where no path leads. */
  pushforward(
    outputs: readonly Expr[],
    wrt: readonly Expr[],
    directions: readonly (Expr | undefined)[],
  ): readonly (Expr | undefined)[];
}

/** The elements of a tensor as scalar expressions, row by row. */
export interface Elements {
  readonly shape: readonly number[];
  readonly items: readonly Expr[];
}

/** Elements of a value, or of the values of a node with several results. */
export type TupleElements = Elements | readonly Elements[];

/** What the scalar form of an op may ask for. */
export interface ScalarizeContext {
  readonly sizes: Sizes;
  /** The elements of a sub-graph's outputs on the elements of its inputs. */
  call(body: Lambda, inputs: readonly TupleElements[]): readonly TupleElements[];
}
