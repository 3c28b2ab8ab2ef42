import { ArgumentError } from "@chainrule/core";

/** How the numbers of classes become one: their mean, their mean by size, or over all examples. */
export type Average = "macro" | "weighted" | "micro";

/**
 * Counts of examples by their class (row) and the class they were taken for (column).
 *
 * A precision without predictions, and a recall without examples, is 0 (scikit-learn's choice).
 */
export class ConfusionMatrix {
  readonly classes: number;
  /** Row by row. */
  readonly counts: Float64Array;

  /** From counts, row by row; zeros when not given. Throws ArgumentError unless they are a square. */
  constructor(classes: number, counts?: ArrayLike<number>) {
    if (!Number.isSafeInteger(classes) || classes < 1) {
      throw new ArgumentError(
        `ConfusionMatrix: classes must be a whole number ≥ 1, got ${classes}`,
      );
    }
    if (counts !== undefined && counts.length !== classes ** 2) {
      throw new ArgumentError(
        `ConfusionMatrix: counts must be ${classes} rows of ${classes}, got ${counts.length} numbers`,
      );
    }
    this.classes = classes;
    this.counts = counts === undefined ? new Float64Array(classes ** 2) : Float64Array.from(counts);
  }

  /** From the totals of the metric `confusion`. */
  static fromTotals(totals: ArrayLike<number>): ConfusionMatrix {
    return new ConfusionMatrix(Math.sqrt(totals.length), totals);
  }

  /**
   * Counts examples: their classes and what they were taken for.
   *
   * Throws ArgumentError, and counts nothing, for lists of unequal length or a label out of range.
   */
  add(actual: ArrayLike<number>, predicted: ArrayLike<number>): this {
    if (actual.length !== predicted.length) {
      throw new ArgumentError(
        `ConfusionMatrix: there must be a prediction for every example, got ${predicted.length} for ${actual.length}`,
      );
    }
    for (const [what, labels] of [
      ["classes", actual],
      ["predictions", predicted],
    ] as const) {
      for (let i = 0; i < labels.length; i++) this.#check(what, labels[i] as number);
    }
    for (let i = 0; i < actual.length; i++) {
      const at = (actual[i] as number) * this.classes + (predicted[i] as number);
      this.counts[at] = (this.counts[at] as number) + 1;
    }
    return this;
  }

  /** How many examples of class `actual` were taken for class `predicted`. */
  at(actual: number, predicted: number): number {
    this.#check("a class", actual);
    this.#check("a prediction", predicted);
    return this.counts[actual * this.classes + predicted] as number;
  }

  /** The number of examples; of one class if told. */
  support(label?: number): number {
    if (label === undefined) return this.counts.reduce((a, b) => a + b, 0);
    return this.#sum((k) => this.at(label, k));
  }

  /** The share of examples taken for what they are. */
  accuracy(): number {
    return ratio(
      this.#sum((k) => this.at(k, k)),
      this.support(),
    );
  }

  /** Of what was taken for the class, the share that is: tp / (tp + fp). */
  precision(of: number | Average = "macro"): number {
    return this.#averaged(of, (label) =>
      ratio(
        this.at(label, label),
        this.#sum((k) => this.at(k, label)),
      ),
    );
  }

  /** Of what is of the class, the share that was taken for it: tp / (tp + fn). */
  recall(of: number | Average = "macro"): number {
    return this.#averaged(of, (label) => ratio(this.at(label, label), this.support(label)));
  }

  /** The harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn). */
  f1(of: number | Average = "macro"): number {
    return this.#averaged(of, (label) =>
      ratio(2 * this.at(label, label), this.support(label) + this.#sum((k) => this.at(k, label))),
    );
  }

  /** The counts as a table, classes in rows, predictions in columns. */
  toString(): string {
    const labels = Array.from({ length: this.classes }, (_, k) => String(k));
    const rows = labels.map((label, i) => [label, ...labels.map((_, j) => String(this.at(i, j)))]);
    const table = [["", ...labels], ...rows];
    const widths = table[0]?.map((_, j) => Math.max(...table.map((row) => (row[j] ?? "").length)));
    return table
      .map((row) => row.map((cell, j) => cell.padStart(widths?.[j] ?? 0)).join("  "))
      .join("\n");
  }

  #averaged(of: number | Average, value: (label: number) => number): number {
    if (typeof of === "number") return value(of);
    // Over all examples, every wrong answer is a false positive and a false negative.
    if (of === "micro") return this.accuracy();
    if (of === "macro") return this.#sum(value) / this.classes;
    return ratio(
      this.#sum((label) => this.support(label) * value(label)),
      this.support(),
    );
  }

  #sum(value: (label: number) => number): number {
    let out = 0;
    for (let label = 0; label < this.classes; label++) out += value(label);
    return out;
  }

  #check(what: string, label: number): void {
    if (Number.isInteger(label) && label >= 0 && label < this.classes) return;
    throw new ArgumentError(
      `ConfusionMatrix: ${what} must be whole numbers 0 … ${this.classes - 1}, got ${label}`,
    );
  }
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
