import { relu, sigmoid, Tensor } from "@chainrule/core";
import {
  dense,
  diagnose,
  gradientDescent,
  halfSquaredError,
  heNormal,
  type LayerLike,
  random,
  sequential,
  trainer,
} from "@chainrule/nn";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Gradient by the first layer's weights over that by the last's, at each depth. */
export type VanishingResult = {
  readonly depths: readonly number[];
  readonly sigmoid: readonly number[];
  readonly relu: readonly number[];
};

const depths = Array.from({ length: 19 }, (_, i) => i + 2);

/** Wide enough for He's variance, an average over units, to hold layer by layer. */
const UNITS = 64;
const ROWS = 32;

/** Backward, each sigmoid multiplies by at most 1/4; ReLU by 0 or 1, and He's weights make up for the zeros. */
export const vanishing: Example<VanishingResult> = {
  name: "vanishing",
  title: "Gradients vanish with depth behind sigmoids, not behind ReLU with He's initial weights",
  goal: "at depth 20 the ratio of first to last gradient is < 1e-6 with sigmoid; at every depth > 0.1 with ReLU",
  async run({ seed }) {
    return {
      depths,
      sigmoid: depths.map((depth) => ratio(depth, dense(UNITS, sigmoid), seed)),
      relu: depths.map((depth) => ratio(depth, dense(UNITS, relu, { weight: heNormal() }), seed)),
    };
  },
  reached: ({ sigmoid, relu }) =>
    (sigmoid.at(-1) as number) < 1e-6 && relu.every((value) => value > 0.1),
};

/** All layers have one size, inputs and outputs too, so that the ratio is due to depth alone. */
function ratio(depth: number, hidden: LayerLike, seed: number): number {
  const layers = Array.from({ length: depth - 1 }, () => hidden);
  const t = trainer(sequential(...layers, dense(UNITS)), {
    input: ["batch", UNITS],
    loss: halfSquaredError,
    optimizer: gradientDescent({ rate: 0.1 }),
    seed,
  });
  const generator = random(seed, "vanishing");
  const numbers = () => {
    const data = Float64Array.from({ length: ROWS * UNITS }, () => generator.normal());
    return new Tensor([ROWS, UNITS], data);
  };
  return diagnose(t, { inputs: numbers(), targets: numbers() }).ratio;
}

await showIfMain(vanishing, import.meta.url);
