import type { Expr } from "@chainrule/core";
import type { Digits, NumberFormat, Rounding } from "../number/roundNumber.ts";

/** How derivatives are written: `∂E/∂w`, `dE/dw`, `E′(w)`, `w̄`, `δ_w`. */
export type DerivativeNotation = "partial" | "d" | "prime" | "bar" | "delta";

/** Options of `derivation`. */
export interface DerivationOptions {
  /** Inputs, or intermediate steps, to differentiate by, as nodes or names; all inputs by default. */
  readonly wrt?: readonly (Expr | string)[];
  /**
   * 1: each derivative as a product with its result; 2 (default): each component derived by its rule
   * too; 3: every single operation is a step of its own.
   */
  readonly detail?: 1 | 2 | 3;
  /** Digits of numbers; by default 6 significant ones. */
  readonly digits?: Digits;
  readonly rounding?: Rounding;
  /** Whether to compute on with all digits (default), or with those that are printed. */
  readonly carry?: "full" | "displayed";
  /** By default `d` for a chain of one variable, else `partial`. */
  readonly notation?: DerivativeNotation;
  /** Learning rate: shows the update `w − η ∂E/∂w` of what derivatives are taken by. */
  readonly update?: number;
  /** Inputs to update, where not all that derivatives are taken by. */
  readonly updated?: readonly (Expr | string)[];
  /** Paths that are written out for a derivative; with more, upstream derivatives are summed. */
  readonly mostPaths?: number;
  /** Tensor graphs: whether each formula is given for the elements too. */
  readonly elements?: boolean;
}

/** The options, complete. */
export interface DerivationSettings {
  readonly detail: 1 | 2 | 3;
  readonly format: NumberFormat;
  readonly carry: "full" | "displayed";
  readonly notation: DerivativeNotation;
  readonly rate: number | undefined;
  readonly mostPaths: number;
  readonly elements: boolean;
}

/** As many as a reader follows. */
const DIGITS = 6;

/** A sum over two or four paths is written out in lectures; over more, nobody reads on. */
const MOST_PATHS = 4;

/** Fills in what was not given; `chain` tells that the graph is a chain of one variable. */
export function settingsOf(options: DerivationOptions, chain: boolean): DerivationSettings {
  return {
    detail: options.detail ?? 2,
    format: { digits: options.digits ?? DIGITS, rounding: options.rounding ?? "half-even" },
    carry: options.carry ?? "full",
    notation: options.notation ?? (chain ? "d" : "partial"),
    rate: options.update,
    mostPaths: options.mostPaths ?? MOST_PATHS,
    elements: options.elements ?? false,
  };
}
