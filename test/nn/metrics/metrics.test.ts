import { compile } from "@chainrule/compile";
import { constant, type Expr, evaluate, type Tensor, type Value, variable } from "@chainrule/core";
import * as nn from "@chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const { accuracy, binaryAccuracy, ConfusionMatrix, confusion, f1, precision, recall } = nn;

function totalsOf(metric: nn.Metric, output: Expr, target: Expr, values = {}): number[] {
  const totals = evaluate(metric.totals(output, target), values) as Tensor;
  return Array.from(totals.data);
}

function measured(metric: nn.Metric, output: Expr, target: Expr): number {
  return metric.value(totalsOf(metric, output, target));
}

/** Rows of scores, their classes, and the class of each. */
const answers = fc.integer({ min: 2, max: 4 }).chain((classes) =>
  fc.record({
    classes: fc.constant(classes),
    rows: fc.array(
      fc.record({
        scores: fc.array(fc.integer({ min: -5, max: 5 }), {
          minLength: classes,
          maxLength: classes,
        }),
        label: fc.nat(classes - 1),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  }),
);

type Row = { readonly scores: readonly number[]; readonly label: number };

function graphs(rows: readonly Row[]): readonly [Expr, Expr] {
  return [
    constant(rows.map(({ scores }) => scores)),
    constant(
      rows.map(({ label }) => label),
      "i32",
    ),
  ];
}

const best = (scores: readonly number[]): number => scores.indexOf(Math.max(...scores));

describe("metrics", () => {
  it("add up: totals of parts are those of the whole", () => {
    const all = [accuracy(), nn.topKAccuracy({ k: 2 }), confusion(), f1({ of: "micro" })];
    fc.assert(
      fc.property(answers, fc.nat(), ({ rows }, at) => {
        const cut = at % (rows.length + 1);
        for (const metric of all) {
          const whole = totalsOf(metric, ...graphs(rows));
          const parts = [rows.slice(0, cut), rows.slice(cut)].filter((part) => part.length > 0);
          const sums = parts.map((part) => totalsOf(metric, ...graphs(part)));
          expect(whole.map((_, i) => sums.reduce((sum, part) => sum + (part[i] ?? 0), 0))).toEqual(
            whole,
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it("count what a loop over the examples counts", () => {
    fc.assert(
      fc.property(answers, fc.integer({ min: 1, max: 4 }), ({ classes, rows }, k) => {
        const [output, target] = graphs(rows);
        const right = rows.filter(({ scores, label }) => best(scores) === label).length;
        expect(measured(accuracy(), output, target)).toBe(right / rows.length);
        const near = rows.filter(({ scores, label }) => {
          return scores.filter((score) => score > (scores[label] as number)).length < k;
        });
        expect(measured(nn.topKAccuracy({ k }), output, target)).toBe(near.length / rows.length);
        const matrix = new ConfusionMatrix(classes).add(
          rows.map(({ label }) => label),
          rows.map(({ scores }) => best(scores)),
        );
        expect(totalsOf(confusion(), output, target)).toEqual(Array.from(matrix.counts));
        expect(measured(confusion(), output, target)).toBe(right / rows.length);
        expect(measured(precision({ of: "macro" }), output, target)).toBe(matrix.precision());
        expect(measured(recall({ of: 0 }), output, target)).toBe(matrix.recall(0));
        expect(measured(f1({ of: "weighted" }), output, target)).toBe(matrix.f1("weighted"));
      }),
      { numRuns: 100 },
    );
  });

  it("take distributions for their largest class", () => {
    const output = constant([
      [0, 2, 1],
      [3, 0, 0],
    ]);
    expect(
      measured(
        accuracy(),
        output,
        constant([
          [0.1, 0.8, 0.1],
          [0, 0, 1],
        ]),
      ),
    ).toBe(0.5);
  });

  it("pass over ignored classes, in sequences too", () => {
    const output = constant([
      [
        [1, 0],
        [0, 1],
        [1, 0],
      ],
      [
        [0, 1],
        [0, 1],
        [1, 0],
      ],
    ]);
    const target = constant(
      [
        [0, 0, -1],
        [1, -1, -1],
      ],
      "i32",
    );
    expect(totalsOf(accuracy({ ignoreIndex: -1 }), output, target)).toEqual([2, 3]);
    expect(totalsOf(nn.topKAccuracy({ k: 1, ignoreIndex: -1 }), output, target)).toEqual([2, 3]);
    expect(totalsOf(confusion({ ignoreIndex: -1 }), output, target)).toEqual([1, 1, 0, 1]);
  });

  it("tell two classes by a threshold", () => {
    const logits = constant([[2], [-1], [0.2], [-3]]);
    const target = constant([[1], [1], [0], [0]]);
    expect(measured(binaryAccuracy({ threshold: 0 }), logits, target)).toBe(0.5);
    expect(measured(binaryAccuracy(), logits, target)).toBe(0.75);
    expect(totalsOf(confusion({ threshold: 0 }), logits, target)).toEqual([1, 1, 1, 1]);
    const flat = constant([1, 1, 0, 0], "i32");
    expect(totalsOf(confusion({ threshold: 0 }), logits, flat)).toEqual([1, 1, 1, 1]);
    expect(measured(precision(), logits, target)).toBe(1);
    expect(measured(recall(), logits, target)).toBe(0.5);
    const signs = constant([[1], [1], [-1], [-1]]);
    expect(measured(binaryAccuracy({ threshold: 0, targetThreshold: 0 }), logits, signs)).toBe(0.5);
  });

  it("are the same compiled, over batches of any size", () => {
    const output = variable("output", ["batch", 3]);
    const target = variable("target", ["batch"], "i32");
    const metrics = {
      accuracy: accuracy(),
      top: nn.topKAccuracy({ k: 2 }),
      confusion: confusion(),
    };
    const outputs = Object.fromEntries(
      Object.entries(metrics).map(([name, metric]) => [name, metric.totals(output, target)]),
    );
    const program = compile({ inputs: { output, target }, outputs });
    for (const values of [
      {
        output: [
          [1, 2, 3],
          [3, 2, 1],
          [0, 0, 0],
        ],
        target: [2, 1, 0],
      },
      { output: [[0, 1, 0]], target: [2] },
    ]) {
      const expected = evaluate(outputs, values);
      const found = program(values);
      for (const name of Object.keys(metrics)) {
        expect(found[name], name).toEqual(expected[name] as Value);
      }
    }
  });

  it("refuse what does not fit", () => {
    const output = variable("output", ["batch", 3]);
    expect(() => accuracy().totals(output, variable("t", ["batch", 4]))).toThrow(
      "accuracy: targets must be class indices or a distribution for the output, got [batch, 4] for [batch, 3]",
    );
    expect(() => binaryAccuracy().totals(output, variable("t", ["batch"]))).toThrow("same shape");
    expect(() => nn.topKAccuracy({ k: 0 })).toThrow("k must be a whole number ≥ 1, got 0");
    expect(() => confusion().totals(variable("y", ["batch"]), output)).toThrow("the last axis");
  });
});

describe("averageOf", () => {
  it("is the mean of a loss over everything", () => {
    const metric = nn.averageOf(nn.mae);
    const totals = [
      totalsOf(metric, constant([[1], [2]]), constant([[0], [0]])),
      totalsOf(metric, constant([[6]]), constant([[0]])),
    ];
    expect(metric.value([1 + 2 + 6, 3])).toBe(3);
    expect(totals).toEqual([
      [3, 2],
      [6, 1],
    ]);
  });
});

describe("rSquared", () => {
  const columns = fc.array(
    fc.tuple(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: -5, max: 5, noNaN: true }),
    ),
    { minLength: 2, maxLength: 10 },
  );

  it("is 1 − Σ (y − ŷ)² / Σ (y − ȳ)²", () => {
    fc.assert(
      fc.property(columns, (pairs) => {
        const mean = pairs.reduce((sum, [, y]) => sum + y, 0) / pairs.length;
        const spread = pairs.reduce((sum, [, y]) => sum + (y - mean) ** 2, 0);
        fc.pre(spread > 0.1);
        const error = pairs.reduce((sum, [guess, y]) => sum + (y - guess) ** 2, 0);
        const [guesses, targets] = [0, 1].map((side) =>
          constant(pairs.map((pair) => pair[side as 0 | 1])),
        );
        const found = measured(nn.rSquared(), guesses as Expr, targets as Expr);
        expect(Math.abs(found - (1 - error / spread))).toBeLessThan(1e-9 * (1 + error / spread));
      }),
    );
  });

  it("keeps its digits far from 0 with `near`", () => {
    const y = [1e9, 1e9 + 1, 1e9 + 2];
    const guess = constant(y.map((value, i) => value + (i === 0 ? 1 : 0)));
    expect(measured(nn.rSquared({ near: 1e9 }), guess, constant(y))).toBe(0.5);
  });

  it("is 1 where equal targets are met, −∞ where they are missed", () => {
    expect(measured(nn.rSquared(), constant([2, 2]), constant([2, 2]))).toBe(1);
    expect(measured(nn.rSquared(), constant([2, 3]), constant([2, 2]))).toBe(-Infinity);
    expect(() => nn.rSquared().totals(constant([1]), constant([1, 2]))).toThrow("same shape");
  });
});

describe("ConfusionMatrix", () => {
  // The example of scikit-learn's classification_report, worked by hand.
  const matrix = new ConfusionMatrix(3).add([0, 1, 2, 2, 2], [0, 0, 2, 2, 1]);

  it("gives precision, recall and F₁ of a class and on average", () => {
    expect([0, 1, 2].map((k) => matrix.precision(k))).toEqual([0.5, 0, 1]);
    expect([0, 1, 2].map((k) => matrix.recall(k))).toEqual([1, 0, 2 / 3]);
    expect([0, 1, 2].map((k) => matrix.f1(k))).toEqual([2 / 3, 0, 0.8]);
    expect(matrix.accuracy()).toBe(0.6);
    expect(matrix.precision("macro")).toBe(0.5);
    expect(matrix.precision("weighted")).toBeCloseTo(0.7, 15);
    expect(matrix.recall("micro")).toBe(0.6);
    expect(matrix.f1("macro")).toBeCloseTo((2 / 3 + 0.8) / 3, 15);
    expect(matrix.support()).toBe(5);
    expect(matrix.support(2)).toBe(3);
  });

  it("prints a table and reads its totals", () => {
    expect(matrix.toString()).toBe("   0  1  2\n0  1  0  0\n1  1  0  0\n2  0  1  2");
    expect(ConfusionMatrix.fromTotals(matrix.counts)).toEqual(matrix);
  });

  it("refuses labels out of range, and counts nothing then", () => {
    const fresh = new ConfusionMatrix(2);
    expect(() => fresh.add([0, 1], [0, 2])).toThrow(
      "ConfusionMatrix: predictions must be whole numbers 0 … 1, got 2",
    );
    expect(() => fresh.add([0], [0, 1])).toThrow("a prediction for every example, got 2 for 1");
    expect(fresh.support()).toBe(0);
    expect(() => new ConfusionMatrix(2, [1, 2])).toThrow("2 rows of 2, got 2 numbers");
    expect(() => new ConfusionMatrix(0)).toThrow("classes must be a whole number ≥ 1, got 0");
    expect(() => matrix.precision(7)).toThrow("whole numbers 0 … 2, got 7");
  });
});
