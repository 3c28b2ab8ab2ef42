import type { SyntaxNode } from "./syntax.ts";

/**
 * What a frame stands for: the whole expression, `( )`, arguments of a call, `f^( )`, `| |`,
 * `? :`, `[ ]`, the indices of `x[ ]`, the argument of `sin x y`, the argument of `√x`.
 */
export type FrameKind =
  | "root"
  | "group"
  | "call"
  | "exponent"
  | "bars"
  | "yes"
  | "list"
  | "index"
  | "product"
  | "factor";

/** A part of the text that is read on its own; the frames that are open form a stack. */
export class Frame {
  readonly kind: FrameKind;
  /** Token that opens the frame: a bracket, or the name of the function. */
  readonly open: number;
  /** Exponent of the function whose arguments the frame holds. */
  readonly exponent: SyntaxNode | undefined;
  /** What mathjs will read, piece by piece. */
  readonly pieces: string[] = [];
  /** Items before the last comma, and rows before the last semicolon. */
  items: SyntaxNode[] = [];
  readonly rows: SyntaxNode[][] = [];
  /** Operators on which mathjs's parser is nested here: prefixes and powers since the last term. */
  chain = 0;
  /** Conditionals on which it is nested: those in whose last part it reads. */
  conditionals = 0;

  constructor(kind: FrameKind, open: number, exponent?: SyntaxNode) {
    this.kind = kind;
    this.open = open;
    this.exponent = exponent;
  }

  /** Whether the frame ends by what follows, not by a closing sign. */
  get bare(): boolean {
    return this.kind === "product" || this.kind === "factor";
  }

  /** `[]`, the shape of a scalar. */
  get isEmptyList(): boolean {
    const { kind, pieces, items, rows } = this;
    return kind === "list" && pieces.length + items.length + rows.length === 0;
  }

  /** What a message says is missing when the frame is not closed. */
  get wanted(): string {
    switch (this.kind) {
      case "root":
      case "product":
      case "factor":
        return "an operator";
      case "bars":
        return '"|"';
      case "yes":
        return '":"';
      case "list":
      case "index":
        return '"]"';
      default:
        return '")"';
    }
  }
}
