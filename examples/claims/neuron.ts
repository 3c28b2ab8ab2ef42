import { type Shape, tanh } from "@chainrule/core";
import {
  dense,
  gradientDescent,
  halfSquaredError,
  type LayerLike,
  mse,
  perceptron,
  recurrent,
  rnnCell,
  sequential,
  threshold,
  trainer,
  whenAllWithin,
} from "@chainrule/nn";
import { type Claim, claim, truth } from "../support/claim.ts";

const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/** A layer as it predicts, with the weights it was born with. */
function born(recipe: LayerLike, shape: Shape, seed: number) {
  const optimizer = gradientDescent({ rate: 1 });
  return trainer(recipe, { input: shape, loss: mse, optimizer, seed });
}

const fires = claim({
  name: "a neuron fires at its threshold",
  section: 0,
  claim:
    "Past a critical level the neuron fires: its output is 1 at and above the threshold, 0 below.",
  experiment: "The step function just below, at and just above 0.",
  measure(seed) {
    const t = born(threshold, ["batch", 1], seed);
    const [below = [], at = [], above = []] = t.predict([[-1e-300], [0], [1e-300]]) as number[][];
    return { below: below[0] as number, at: at[0] as number, above: above[0] as number };
  },
  verdict: ({ below, at, above }) => truth(below === 0 && at === 1 && above === 1),
});

const separates = claim({
  name: "a perceptron learns",
  section: 1,
  claim: "Rosenblatt's perceptron learns its task by the perceptron rule.",
  experiment: "AND, OR and XOR by the rule, 200 epochs; corners that are right in the end.",
  async measure(seed) {
    const right = async (targets: readonly number[]) => {
      const t = trainer(perceptron(), {
        input: ["batch", 2],
        loss: halfSquaredError,
        optimizer: gradientDescent({ rate: 0.1 }),
        target: ["batch"],
        seed,
      });
      await t.train(
        { inputs: corners, targets },
        { epochs: 200, batch: 1, stop: whenAllWithin(0) },
      );
      return (t.predict(corners) as number[]).filter((y, i) => y === targets[i]).length;
    };
    return {
      and: await right([0, 0, 0, 1]),
      or: await right([0, 1, 1, 1]),
      xor: await right([0, 1, 1, 0]),
    };
  },
  verdict({ and, or, xor }) {
    if (and < 4 || or < 4) return "false";
    return xor === 4 ? "true" : "when a line separates the classes: AND and OR, not XOR";
  },
});

const remembers = claim({
  name: "a unit delay makes a dynamic system",
  section: 2,
  claim: "A recurrent network with a unit delay is a dynamic system: what was goes on to matter.",
  experiment:
    "An impulse, then nothing: the largest output later, beside that of the same network without the impulse, with and without recurrence.",
  measure(seed) {
    const later = (hidden: LayerLike) => {
      const t = born(sequential(hidden, dense(1)), ["batch", 10, 1], seed);
      const still = Array.from({ length: 10 }, () => [0]);
      const [struck = [], unstruck = []] = t.predict([
        [[1], ...still.slice(1)],
        still,
      ]) as number[][][];
      const apart = struck.map(([y = 0], i) => Math.abs(y - (unstruck[i]?.[0] ?? 0)));
      return Math.max(...apart.slice(1));
    };
    return { recurrent: later(recurrent(rnnCell(8))), feedForward: later(dense(8, tanh)) };
  },
  verdict: ({ recurrent: own, feedForward }) => truth(own > 1e-3 && feedForward === 0),
});

export const neuronClaims: readonly Claim[] = [fires, separates, remembers];
