import { precedence } from "@chainrule/core";

/**
 * Printed LaTeX, and what its surroundings must know to put it in parentheses or not.
 *
 * All that printers look at is kept in short fields: looking into a long text would copy it, at
 * every level of the expression again.
 */
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
  /** Its beginning, `HEAD` characters of it. */
  readonly head: string;
  /** The same without its sign, where it begins with one. */
  readonly unsigned: string | undefined;
  /** A call by name, for powers of functions: `\sin^{2}(x)`. */
  readonly call: { readonly name: string; readonly operand: string } | undefined;
  /** A fraction of short parts, which stays in the line of an exponent. */
  readonly fraction: string | undefined;
  /** The last term of a sum and what stands before it, for breaking lines. */
  readonly sum: { readonly before: LatexPiece; readonly term: string } | undefined;
}

/** Long enough to tell `\left(`, `\frac` and `\begin` from all else. */
const HEAD = 8;

/** Pieces from what is worth saying about them. */
export function piece(latex: string, head: string, options: Partial<LatexPiece>): LatexPiece {
  return {
    binds: precedence.atom,
    first: "other",
    last: "other",
    tall: false,
    unsigned: undefined,
    call: undefined,
    fraction: undefined,
    sum: undefined,
    ...options,
    latex,
    head: head.slice(0, HEAD),
  };
}

/** LaTeX that needs parentheses nowhere; `head` is its beginning, given where it is long. */
export function atom(latex: string, options: Partial<LatexPiece> = {}): LatexPiece {
  return piece(latex, options.head ?? latex, options);
}

/** The piece in parentheses, grown where it is tall. */
export function group(inner: LatexPiece): LatexPiece {
  return piece(delimit("(", inner, ")"), inner.tall ? "\\left(" : "(", { tall: inner.tall });
}

/** `(…)` or `\left(…\right)`. */
export function delimit(
  open: string,
  { latex, tall }: Pick<LatexPiece, "latex" | "tall">,
  close: string,
): string {
  // The name of a delimiter, such as `\\lVert`, would run on into a letter.
  const first = open.length > 1 ? `${open} ` : open;
  return tall ? `\\left${first}${latex}\\right${close}` : `${first}${latex}${close}`;
}

/** The first operand of a notation: in parentheses if it binds less than `least`. */
export function leading(operand: LatexPiece, least: number): LatexPiece {
  return operand.binds < least ? group(operand) : operand;
}

/** A later operand: one that begins with a sign is put in parentheses too. */
export function following(operand: LatexPiece, least: number): LatexPiece {
  return operand.binds < least || operand.first === "sign" ? group(operand) : operand;
}

/** A word before its operand: `\sin x` would need a space, `\sum_{1}(x)` none. */
export function begins(operand: LatexPiece, ...texts: readonly string[]): boolean {
  return texts.some((text) => operand.head.startsWith(text.slice(0, HEAD)));
}
