import { sigmoid } from "@chainrule/core";
import { dense, gradientDescent, halfSquaredError, trainer } from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Corners of the square that each output gets right, of four; the neurons share nothing but the inputs. */
export type SingleLayerResult = {
  readonly and: number;
  readonly or: number;
  readonly nand: number;
  readonly xor: number;
};

const names = ["and", "or", "nand", "xor"] as const;

const inputs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/** Columns as `names`. */
const targets = [
  [0, 0, 1, 0],
  [0, 1, 1, 1],
  [0, 1, 1, 1],
  [1, 1, 0, 0],
];

/** A single layer divides the plane by straight lines: it learns AND, OR and NAND, and never XOR. */
export const singleLayer: Example<SingleLayerResult> = {
  name: "singleLayer",
  title: "A single-layer network learns AND, OR and NAND at once, and fails at XOR",
  goal: "4 of 4 right for AND, OR and NAND; fewer for XOR",
  async run({ seed, bar }) {
    const t = trainer(dense(names.length, sigmoid), {
      input: ["batch", 2],
      loss: halfSquaredError,
      optimizer: gradientDescent({ rate: 1 }),
      seed,
    });
    await t.train({ inputs, targets }, { epochs: 500, batch: 1, ...bar({ epochs: 500 }) });
    const outputs = t.predict(inputs) as number[][];
    const right = (column: number): number =>
      outputs.filter((row, i) => Math.round(row[column] ?? 0.5) === targets[i]?.[column]).length;
    return { and: right(0), or: right(1), nand: right(2), xor: right(3) };
  },
  reached: ({ and, or, nand, xor }) => and === 4 && or === 4 && nand === 4 && xor < 4,
};

await showIfMain(singleLayer, import.meta.url);
