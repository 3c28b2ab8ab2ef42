import { precedence } from "@chainrule/core";

/** Printed LaTeX, and what its surroundings must know to put it in parentheses or not. */
export interface LatexPiece {
  readonly latex: string;
  /** How tightly its outermost notation binds. */
  readonly binds: number;
  /** Begins with a sign, or with a numeral that must not touch another. */
  readonly first: "sign" | "numeral" | "other";
  /** Ends with a numeral, with one letter, or with a word that needs a space before a letter. */
  readonly last: "numeral" | "letter" | "other";
  /** Higher than a line: parentheses must grow. */
  readonly tall: boolean;
}

/** LaTeX that needs parentheses nowhere. */
export function atom(latex: string, options: Partial<LatexPiece> = {}): LatexPiece {
  return { latex, binds: precedence.atom, first: "other", last: "other", tall: false, ...options };
}

/** The piece in parentheses, grown where it is tall. */
export function group(piece: LatexPiece): LatexPiece {
  return atom(delimit("(", piece, ")"), { tall: piece.tall });
}

/** `(…)` or `\left(…\right)`. */
export function delimit(open: string, { latex, tall }: LatexPiece, close: string): string {
  return tall ? `\\left${open}${latex}\\right${close}` : `${open}${latex}${close}`;
}

/** The first operand of a notation: in parentheses if it binds less than `least`. */
export function leading(piece: LatexPiece, least: number): LatexPiece {
  return piece.binds < least ? group(piece) : piece;
}

/** A later operand: one that begins with a sign is put in parentheses too. */
export function following(piece: LatexPiece, least: number): LatexPiece {
  return piece.binds < least || piece.first === "sign" ? group(piece) : piece;
}
