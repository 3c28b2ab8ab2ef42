import { type Expr, pick, sigmoid, stack } from "@chainrule/core";
import { gradientDescent, halfSquaredError, layer, trainer } from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** The lecture's numbers: errors, outputs, and the eight weights after one step; then after many. */
export type WorkedNetworkResult = {
  readonly error: number;
  readonly outputs: readonly number[];
  readonly weights: readonly number[];
  readonly errorAfterStep: number;
  readonly errorInTheEnd: number;
  readonly outputsInTheEnd: readonly number[];
};

const STEPS = 20_000;
const example = { inputs: [[0.1, 0.5]], targets: [[0.05, 0.95]] };

/** Hidden weights are numbered by source, output weights by target; the biases are shared and stay as they are. */
const network = layer("network", (x: Expr, scope) => {
  const w = (i: number): Expr => scope.parameter(`w${i}`, [], i / 10);
  const [i1, i2] = [pick(x, -1, 0), pick(x, -1, 1)];
  const h1 = sigmoid(
    i1
      .mul(w(1))
      .add(i2.mul(w(3)))
      .add(0.25),
  );
  const h2 = sigmoid(
    i1
      .mul(w(2))
      .add(i2.mul(w(4)))
      .add(0.25),
  );
  const o1 = sigmoid(
    h1
      .mul(w(5))
      .add(h2.mul(w(6)))
      .add(0.35),
  );
  const o2 = sigmoid(
    h1
      .mul(w(7))
      .add(h2.mul(w(8)))
      .add(0.35),
  );
  return stack([o1, o2], -1);
});

/** The network 2-2-2 that the lecture works out by hand: one step with rate 0.6, then as many as it takes. */
export const workedNetwork: Example<WorkedNetworkResult> = {
  name: "workedNetwork",
  title: "The lecture's network 2-2-2: one step as worked out by hand, and trained to convergence",
  goal: "0.24908954 before, 0.24072491 after one step, below 1e-6 in the end",
  async run({ seed }) {
    const t = trainer(network, {
      input: ["batch", 2],
      loss: halfSquaredError,
      optimizer: gradientDescent({ rate: 0.6 }),
      seed,
    });
    const outputs = () => (t.predict(example.inputs) as number[][])[0] ?? [];
    const first = { outputs: outputs(), error: t.step(example).loss };
    const weights = t.parameters.toSorted().map((path) => t.get(path).data[0] ?? Number.NaN);
    const errorAfterStep = t.evaluate(example).loss;
    for (let step = 1; step < STEPS; step++) t.step(example);
    return {
      ...first,
      weights,
      errorAfterStep,
      errorInTheEnd: t.evaluate(example).loss,
      outputsInTheEnd: outputs(),
    };
  },
  reached: ({ error, errorAfterStep, errorInTheEnd }) =>
    Math.abs(error - 0.24908954146037615) < 1e-12 &&
    Math.abs(errorAfterStep - 0.2407249055) < 1e-10 &&
    errorInTheEnd < 1e-6,
};

await showIfMain(workedNetwork, import.meta.url);
