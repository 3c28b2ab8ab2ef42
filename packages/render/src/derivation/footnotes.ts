import { decimalLatex } from "../latex/numberLatex.ts";
import type { Block, Inline } from "./document.ts";
import type { Shown } from "./quantity.ts";

/** Lines whose printed operands do not give their printed result, each said once. */
export class Footnotes {
  readonly #items: Inline[][] = [];

  /** The number of the footnote for a result. */
  add({ text, fromPrinted }: Shown): number {
    const other = fromPrinted as string;
    this.#items.push([
      "The printed numbers of this line give ",
      { text: other, latex: decimalLatex(other) },
      "; ",
      { text, latex: decimalLatex(text) },
      " is computed with all digits.",
    ]);
    return this.#items.length;
  }

  blocks(): Block[] {
    return this.#items.length === 0 ? [] : [{ kind: "notes", items: this.#items }];
  }
}
