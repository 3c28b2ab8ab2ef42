import type { Bindings, Expr, Path } from "@chainrule/core";

/** A place in a drawing: the middle of a box. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** Options of every drawing. */
export interface DrawingOptions {
  /** Names shown for nodes; those of a program are known already. */
  readonly names?: ReadonlyMap<Expr, string>;
  /**
   * Values of the inputs: numbers, adjoints and local derivatives are drawn then. By default those
   * that the program's text gives, where it gives all.
   */
  readonly values?: Bindings;
  /** Significant digits of numbers; 6 by default. */
  readonly digits?: number;
  /**
   * A box for every node (default), or for every name: nodes without one that are used once are
   * written into the formula of their user, `sum = x₁·w₁ + x₂·w₂ + b`.
   */
  readonly detail?: "nodes" | "definitions";
  /** From left to right (default) or from top to bottom. */
  readonly direction?: "LR" | "TB";
  /**
   * Whether local derivatives stand on the edges, and dashed edges lead back: by default with values.
   * Without values only their symbols are shown.
   */
  readonly derivatives?: boolean;
  /** One path, or all that ∂y/∂x goes through; y is the output where it is not given. */
  readonly highlight?: Path | { readonly y?: Expr; readonly x: Expr };
  /**
   * Whether scopes are folded into boxes. By default in pictures of more than 200 boxes, until a
   * slide holds them; `"scopes"` folds the program's scopes alone, `true` also cuts what belongs to
   * none into runs of neighbours.
   */
  readonly fold?: boolean | "scopes";
  /** Scopes that are drawn open, by their path `encoder/block1`. */
  readonly unfold?: readonly string[];
  /** What the drawing is called by those who hear it. */
  readonly title?: string;
}

/** Options of drawings with a layout. */
export interface PictureOptions extends DrawingOptions {
  /** Black, white and grey alone; dashes and signs tell directions apart. */
  readonly greyscale?: boolean;
  /** Where boxes stand, by id, as `graphLayout` tells: a graph that was edited keeps its picture. */
  readonly positions?: Readonly<Record<string, Position>>;
}
