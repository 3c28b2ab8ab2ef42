import type { Attributes, Dim, DType, Expr, Lambda, Shape } from "@chainrule/core";

/** What a rule needs to write one node as an expression of PyTorch. */
export interface Translation {
  readonly node: Expr;
  readonly attributes: Attributes;
  /** Argument i as text; in an element type if one is given, and as a tensor even if it is a number. */
  arg(i: number, options?: { readonly as?: DType; readonly tensor?: boolean }): string;
  /** A size, which may be named: a number, or the variable that holds it. */
  size(dim: Dim): string;
  sizes(shape: Shape): string;
  /** The device that results are made on. */
  device(): string;
  /** Calls a function of the module's preamble, which is written because of it. */
  helper(name: HelperName, ...args: readonly (string | number)[]): string;
  /** Defines a function for a closed sub-graph, and gives its name. */
  define(name: string, body: Lambda): string;
  /** Defines a function with a reverse rule of its own, and gives its name. */
  defineCustom(node: Expr): string;
  /** All arguments as numbers of Python, if they are. */
  numbers(): readonly string[] | undefined;
  /** Whether some line reads result number i. */
  reads(i: number): boolean;
}

/** One node as an expression of PyTorch. */
export type Rule = (t: Translation) => string;

/** Functions that the exported module holds where it needs them. */
export type HelperName =
  | "average_pool"
  | "average_pool_spread"
  | "cbrt"
  | "convolution"
  | "convolution_input"
  | "convolution_kernel"
  | "cond"
  | "hypot"
  | "map_rows"
  | "max_pool"
  | "max_pool_select"
  | "max_pool_spread"
  | "mod"
  | "place"
  | "per_process"
  | "prod_except"
  | "random_bits"
  | "random_uniform"
  | "relu"
  | "elu"
  | "round_half_away"
  | "scan"
  | "segment_sum"
  | "solve"
  | "strided"
  | "take"
  | "threefry"
  | "triangular_solve"
  | "unit_step"
  | "while_loop";
