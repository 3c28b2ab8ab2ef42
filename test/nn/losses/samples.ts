import { constant, type Expr, Tensor } from "@chainrule/core";
import * as nn from "@chainrule/nn";
import fc from "fast-check";

/** A loss with options, and an output and a target for it. */
export interface LossSample {
  readonly title: string;
  readonly loss: (output: Expr, target: Expr) => Expr;
  readonly output: Tensor;
  readonly target: Tensor;
}

const reduction = fc.constantFrom<nn.Reduction>("mean", "sum", "none");

/** Leading axes: single examples, batches, batches of sequences. */
const lead = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 });

function doubles(shape: readonly number[], low: number, high: number): fc.Arbitrary<Tensor> {
  const count = shape.reduce((a, b) => a * b, 1);
  const limits = { min: low, max: high, noNaN: true };
  return fc
    .array(fc.double(limits), { minLength: count, maxLength: count })
    .map((list) => new Tensor(shape, Float64Array.from(list)));
}

function labels(shape: readonly number[], from: readonly number[]): fc.Arbitrary<number[]> {
  const count = shape.reduce((a, b) => a * b, 1);
  return fc.array(fc.constantFrom(...from), { minLength: count, maxLength: count });
}

/** Rows along the last axis that add up to 1. */
function distributions(shape: readonly number[]): fc.Arbitrary<Tensor> {
  const size = shape.at(-1) as number;
  return doubles(shape, 0.05, 1).map(({ data }) => {
    const sums = Array.from(data, (_, i) => {
      const start = i - (i % size);
      return Array.from(data.subarray(start, start + size)).reduce((a, b) => a + b, 0);
    });
    return new Tensor(
      shape,
      Float64Array.from(data, (x, i) => x / (sums[i] as number)),
    );
  });
}

function sample(
  title: string,
  loss: LossSample["loss"],
  output: fc.Arbitrary<Tensor>,
  target: fc.Arbitrary<Tensor>,
): fc.Arbitrary<LossSample> {
  return fc.record({ title: fc.constant(title), loss: fc.constant(loss), output, target });
}

const regressions = fc
  .record({
    lead,
    size: fc.integer({ min: 1, max: 3 }),
    reduction,
    delta: fc.double({ min: 0.1, max: 3, noNaN: true }),
  })
  .chain(({ lead, size, reduction, delta }) => {
    const shape = [...lead, size];
    const [y, t] = [doubles(shape, -3, 3), doubles(shape, -3, 3)];
    const fixed = { reduction };
    return fc.oneof(
      sample("mse", (a, b) => nn.mse(a, b, fixed), y, t),
      sample("halfSquaredError", (a, b) => nn.halfSquaredError(a, b, fixed), y, t),
      sample("mae", (a, b) => nn.mae(a, b, fixed), y, t),
      sample("huber", (a, b) => nn.huber(a, b, { reduction, delta }), y, t),
      // Short vectors turn quickly: differences would need smaller steps.
      sample(
        "cosineLoss",
        (a, b) => nn.cosineLoss(a, b, fixed),
        doubles(shape, 0.5, 3),
        doubles(shape, 0.5, 3),
      ),
    );
  });

const binaries = fc
  .record({
    lead,
    reduction,
    positiveWeight: fc.constantFrom(1, 0.5, 3),
    labelSmoothing: fc.constantFrom(0, 0.1),
    squared: fc.boolean(),
    soft: fc.boolean(),
  })
  .chain(({ lead, soft, squared, ...options }) => {
    const { reduction } = options;
    const hard = labels(lead, [0, 1]).map((list) => new Tensor(lead, Float64Array.from(list)));
    const t = soft ? doubles(lead, 0, 1) : hard;
    const signs = labels(lead, [-1, 1]).map((list) => new Tensor(lead, Float64Array.from(list)));
    return fc.oneof(
      sample("bce", (a, b) => nn.bce(a, b, options), doubles(lead, 0.1, 0.9), t),
      sample("bceWithLogits", (a, b) => nn.bceWithLogits(a, b, options), doubles(lead, -8, 8), t),
      sample(
        "hinge",
        (a, b) => nn.hinge(a, b, { reduction, squared }),
        doubles(lead, -3, 3),
        signs,
      ),
    );
  });

const classifications = fc
  .record({
    lead,
    classes: fc.integer({ min: 2, max: 4 }),
    reduction,
    weighted: fc.boolean(),
    labelSmoothing: fc.constantFrom(0, 0.2),
    ignores: fc.boolean(),
    soft: fc.boolean(),
    squared: fc.boolean(),
  })
  .chain(({ lead, classes, reduction, weighted, labelSmoothing, ignores, soft, squared }) => {
    const shape = [...lead, classes];
    const options: nn.ClassOptions = {
      reduction,
      labelSmoothing,
      ...(weighted && { weights: Array.from({ length: classes }, (_, i) => 0.5 + i) }),
      ...(ignores && !soft && { ignoreIndex: -1 }),
    };
    const known = Array.from({ length: classes }, (_, i) => i);
    const indices = (from: readonly number[]) =>
      labels(lead, from).map((list) => new Tensor(lead, Int32Array.from(list)));
    const t = soft ? distributions(shape) : indices(ignores ? [-1, ...known] : known);
    const x = doubles(shape, -4, 4);
    const p = distributions(shape);
    return fc.oneof(
      sample("crossEntropy", (a, b) => nn.crossEntropy(a, b, options), x, t),
      sample("nll", (a, b) => nn.nll(a, b, options), x, t),
      sample(
        "crossEntropyFromProbabilities",
        (a, b) => nn.crossEntropyFromProbabilities(a, b, options),
        p,
        t,
      ),
      sample(
        "klDivergence",
        (a, b) => nn.klDivergence(a, b, { reduction }),
        x,
        distributions(shape),
      ),
      sample(
        "multiclassHinge",
        (a, b) => nn.multiclassHinge(a, b, { reduction, squared }),
        x,
        indices(known),
      ),
    );
  });

/** Every loss over sizes and options. */
export const lossSamples: fc.Arbitrary<LossSample> = fc.oneof(
  regressions,
  binaries,
  classifications,
);

/** The target as a constant of a graph. */
export function fixedTarget({ target }: LossSample): Expr {
  return constant(target.shape.length === 0 ? (target.data[0] as number) : target, target.dtype);
}

/** The output as a value to bind. */
export function outputValue({ output }: LossSample): Tensor | number {
  return output.shape.length === 0 ? (output.data[0] as number) : output;
}
