import { sigmoid, type Tensor } from "@chainrule/core";
import {
  dense,
  gradientDescent,
  halfSquaredError,
  restarts,
  sequential,
  smallUniform,
  type Trainer,
  trainer,
  whenAllWithin,
  whenFlat,
  xor as xorExamples,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** The trials of a run: how the first one ended, and the best. */
export type XorResult = {
  readonly firstSolved: boolean;
  readonly solved: boolean;
  readonly trials: number;
  readonly epochs: number;
  readonly worstError: number;
  readonly stopped: string;
};

/** An output this near to its target is right. */
const EPSILON = 0.1;

/** Epochs of a trial at most; ten seeds needed 565 to 901. */
const EPOCHS = 6000;

/**
 * The lecture's backpropagation: a three-layer network with H hidden units and small random weights, example by example, until all
 * outputs are right within ε or the error ceases to fall; then again from other weights, if need be.
 */
export function xorWithHidden(hidden: number, attempts = 10): Example<XorResult> {
  return {
    name: "xor",
    title: `Backpropagation: a network with ${hidden} hidden units learns exclusive or`,
    goal: `every output within ${EPSILON} of its target, after restarts if need be`,
    async run({ seed, bar }) {
      const data = xorExamples();
      const small = { weight: smallUniform(1), bias: smallUniform(1) };
      const model = sequential(dense(hidden, sigmoid, small), dense(1, sigmoid, small));
      let first: Trainer<never> | undefined;
      const trials = await restarts(
        async (own) => {
          const optimizer = gradientDescent({ rate: 1 });
          const t = trainer(model, {
            input: ["batch", 2],
            loss: halfSquaredError,
            optimizer,
            seed: own,
          });
          first ??= t;
          // It ceases to fall: in 2000 epochs by less than a thousandth; plateaus are shorter.
          const stop = [whenAllWithin(EPSILON), whenFlat({ epochs: 2000, by: 1e-3 })];
          await t.train(data, { epochs: EPOCHS, batch: 1, stop, ...bar({ epochs: EPOCHS }) });
          return t;
        },
        { attempts, seed, error: worstError, until: EPSILON },
      );
      const best = trials[0]?.trainer ?? first;
      if (best === undefined || first === undefined) throw new Error("xor: there must be a trial");
      const worst = worstError(best);
      return {
        firstSolved: worstError(first) <= EPSILON,
        solved: worst <= EPSILON,
        trials: trials.length,
        epochs: best.epoch,
        worstError: worst,
        stopped: best.history.at(-1)?.stopped ?? "all epochs are over",
      };
    },
    reached: ({ solved }) => solved,
  };
}

function worstError(t: Trainer<never>): number {
  const { inputs, targets } = xorExamples();
  const outputs: Tensor = t.predict(inputs);
  const errors = Array.from(outputs.data, (y, i) => Math.abs(y - (targets.data[i] ?? Number.NaN)));
  return Math.max(...errors);
}

/** With three hidden units, one more than XOR needs. */
export const xor: Example<XorResult> = xorWithHidden(3);

await showIfMain(xor, import.meta.url);
