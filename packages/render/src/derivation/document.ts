/** A formula in both alphabets: what a reader of plain text sees, and LaTeX for math mode. */
export interface Formula {
  readonly text: string;
  readonly latex: string;
}

/** Words and formulas in a line. */
export type Inline = string | Formula;

/** A line of an aligned display: `left = right`, with what is said beside it. */
export interface EquationLine {
  readonly left: Formula | undefined;
  /** None where the line goes on with the one before. */
  readonly relation: "=" | "≈" | "";
  readonly right: Formula;
  /** Names of rules. */
  readonly remark: string | undefined;
  /** Number of its footnote. */
  readonly note: number | undefined;
}

/** What a worked solution is made of. */
export type Block =
  | { readonly kind: "heading"; readonly level: 1 | 2; readonly content: readonly Inline[] }
  | { readonly kind: "paragraph"; readonly content: readonly Inline[] }
  | {
      readonly kind: "table";
      readonly header: readonly string[];
      readonly rows: readonly (readonly Inline[][])[];
    }
  | { readonly kind: "equations"; readonly lines: readonly EquationLine[] }
  | { readonly kind: "notes"; readonly items: readonly (readonly Inline[])[] };

/** A worked solution, ready for any printer. */
export interface Document {
  readonly title: readonly Inline[];
  readonly blocks: readonly Block[];
}
