import { type Expr, topological } from "@chainrule/core";
import type { LatexPiece } from "./latexPiece.ts";
import { namePiece, printNode } from "./printNode.ts";

/** Options of `toLatex`. */
export interface LatexOptions {
  /** Names that stand for nodes inside the expression, in place of what they are made of. */
  readonly names?: ReadonlyMap<Expr, string>;
  /** Significant digits of numbers; by default all. */
  readonly digits?: number;
}

/**
 * An expression as LaTeX for math mode; only amsmath is needed.
 *
 * Precedence decides parentheses; two numerals never touch; names are escaped.
 */
export function toLatex(expr: Expr, options: LatexOptions = {}): string {
  return latexPiece(expr, options).latex;
}

/** LaTeX with what its surroundings must know. */
export function latexPiece(expr: Expr, { names, digits }: LatexOptions = {}): LatexPiece {
  const { nodes } = topological([expr]);
  const pieces = new Map<Expr, LatexPiece>();
  for (const node of nodes) {
    const name = names?.get(node);
    if (name !== undefined) {
      pieces.set(node, namePiece(name));
      continue;
    }
    const args = node.args.map((arg) => pieces.get(arg) as LatexPiece);
    pieces.set(node, printNode(node, args, { digits }));
  }
  return pieces.get(expr) as LatexPiece;
}
