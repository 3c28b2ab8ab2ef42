import type { Expr } from "../expr.ts";
import type { Derivation } from "./derivation.ts";

/** What else a mistake may be made of. */
export interface MistakeOptions {
  /** Learning rate η, for weights that were updated too early: w − η ∂y/∂w. */
  readonly rate?: number;
}

/** What a mistake says of the factor or path, and the derivative that comes of it. */
export interface Mistake {
  readonly sentence: string;
  readonly derivative: Expr;
}

/** All ways to make a mistake of one kind in a derivation. */
export interface MistakeKind {
  /** Such as "path missing". */
  readonly name: string;
  readonly make: (derivation: Derivation, options: MistakeOptions) => readonly Mistake[];
}
