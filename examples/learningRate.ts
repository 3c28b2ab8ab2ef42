import { dense, gradientDescent, mse, trainer, uniform } from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** How far the weight is from its target, step by step, for each rate. */
export type LearningRateResult = {
  readonly converges: readonly number[];
  readonly oscillates: readonly number[];
  readonly diverges: readonly number[];
};

const STEPS = 40;

/**
 * One weight: y = w x with targets 2 x at x = 1 and 2. The loss is 5/2 (w − 2)², its derivative 5 (w − 2), so a step takes w − 2 to
 * (1 − 5 rate) (w − 2): halved at 0.1, turned over for ever at 0.4, doubled at 0.6.
 */
export const learningRate: Example<LearningRateResult> = {
  name: "learningRate",
  title: "Gradient descent converges, oscillates for ever, or diverges, as the learning rate says",
  goal: "at rate 0.1 the error halves each step, at 0.4 it only changes its sign, at 0.6 it doubles",
  async run({ seed }) {
    return {
      converges: distances(0.1, seed),
      oscillates: distances(0.4, seed),
      diverges: distances(0.6, seed),
    };
  },
  reached({ converges, oscillates, diverges }) {
    const each = (list: readonly number[], factor: number): boolean =>
      list.every((now, i) => {
        const wanted = (list[0] as number) * factor ** i;
        return Math.abs(now - wanted) <= 1e-9 * (1 + Math.abs(wanted));
      });
    return each(converges, 0.5) && each(oscillates, -1) && each(diverges, -2);
  },
};

function distances(rate: number, seed: number): readonly number[] {
  const weight = uniform(-1, 1);
  const t = trainer(dense(1, undefined, { weight, bias: false }), {
    input: ["batch", 1],
    loss: mse,
    optimizer: gradientDescent({ rate }),
    seed,
  });
  const distance = (): number => (t.get("weight").data[0] as number) - 2;
  const out = [distance()];
  for (let step = 0; step < STEPS; step++) {
    t.step({ inputs: [[1], [2]], targets: [[2], [4]] });
    out.push(distance());
  }
  return out;
}

await showIfMain(learningRate, import.meta.url);
