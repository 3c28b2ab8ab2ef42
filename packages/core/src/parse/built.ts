import type { Expr } from "../expr.ts";
import type { Dim } from "../shape.ts";

/** A list with texts in it, `["batch", 3]`: the shape a function is given. */
export class Sizes {
  readonly dims: readonly Dim[];

  constructor(dims: readonly Dim[]) {
    this.dims = dims;
  }
}

/** What a part of an expression becomes: a node, or what only some functions can use. */
export type Built = Expr | Sizes | string;
