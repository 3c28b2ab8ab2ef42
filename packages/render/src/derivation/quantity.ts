import type { Expr } from "@chainrule/core";

/** A number as the derivation shows it and computes on with it. */
export interface Shown {
  /** With all digits, or, where one carries on what is displayed, the number of `text`. */
  readonly value: number;
  /** As printed: `0.08020`, `1.5e-9`. */
  readonly text: string;
  /** Whether `=` is true: nothing was cut off, here or before. */
  readonly exact: boolean;
  /** The number the printed operands of its line give, where that is another one. */
  readonly fromPrinted: string | undefined;
}

/** An input or a step: a node with its name and its value. */
export interface Quantity {
  readonly node: Expr;
  /** A leaf that bears the name, in all expressions of the derivation. */
  readonly symbol: Expr;
  readonly name: string;
  readonly value: Shown;
}

/** A step of the forward pass: `sum_h1 = i1 w1 + i2 w3 + b1`. */
export interface Step extends Quantity {
  /** What it is made of, in symbols. */
  readonly definition: Expr;
  readonly sources: readonly Quantity[];
}

/** A component of the chain rule, `∂of/∂by`, derived. */
export interface Component {
  readonly of: Quantity;
  readonly by: Quantity;
  /** As the rules give it: `2·½(t − o)·(−1)`. */
  readonly raw: Expr;
  /** In textbook form: `o − t`. */
  readonly shown: Expr;
  /** Names of the rules, in the order they are used. */
  readonly rules: readonly string[];
  readonly value: Shown;
  /** Whether other ways lead from `by` to `of`, so that the whole derivative is another one. */
  readonly direct: boolean;
}

/** One path from the output down: the product of its components. */
export interface ChainPath {
  readonly components: readonly Component[];
  readonly value: Shown;
}

/** One term of a sum over users: `δ_user · ∂user/∂by`. */
export interface AdjointTerm {
  readonly upstream: Quantity;
  readonly upstreamValue: Shown;
  readonly component: Component;
  readonly value: Shown;
}

/** The derivative of the output by one quantity. */
export interface Derivative {
  readonly of: Quantity;
  readonly by: Quantity;
  /** Number of paths between them. */
  readonly count: bigint;
  /** Written out path by path, by upstream derivatives, or zero since there is no path. */
  readonly method: "paths" | "adjoints" | "none";
  readonly paths: readonly ChainPath[];
  readonly terms: readonly AdjointTerm[];
  readonly value: Shown;
}

/** `w − η ∂E/∂w` */
export interface Update {
  readonly of: Quantity;
  readonly derivative: Derivative;
  readonly rate: number;
  readonly value: Shown;
}
