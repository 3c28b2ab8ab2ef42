import { relu } from "@chainrule/core";
import { conv2d, type LayerLike } from "@chainrule/nn";
import { drawnDigits, mnistDigits } from "./support/digitData.ts";
import { digitReader, pooled } from "./support/digitReader.ts";
import type { Example } from "./support/example.ts";
import { showIfMain } from "./support/show.ts";

/** Accuracy on drawings not seen, as they are and moved by a pixel or two; the same without pooling. */
export type DigitsResult = {
  readonly shifts: readonly number[];
  readonly pooled: readonly number[];
  readonly unpooled: readonly number[];
};

const shifts = [0, 1, 2];

/** The same convolutions; stride 2 in place of the windows that pooling takes the largest element of. */
const unpooled = [
  conv2d(8, 5, { activation: relu, padding: 2, stride: 2 }),
  conv2d(16, 3, { activation: relu, padding: 1, stride: 2 }),
];

/** A convolutional network reads drawn digits, also where they are moved a little. */
export const digits: Example<DigitsResult> = {
  name: "digits",
  title: "A convolutional network reads handwritten-like digits, and digits that are moved",
  goal: "accuracy ≥ 98 % on drawings it has not seen",
  readsData: true,
  async run({ seed, bar, data }) {
    const { learnt, heldOut } = data === undefined ? drawnDigits(seed) : await mnistDigits(data);
    const measure = async (layers: readonly LayerLike[]): Promise<number[]> => {
      const t = await digitReader(layers, learnt, { seed, bar });
      return shifts.map((by) => t.evaluate(heldOut(by)).accuracy);
    };
    return { shifts, pooled: await measure(pooled), unpooled: await measure(unpooled) };
  },
  reached: ({ pooled: [still = 0] }) => still >= 0.98,
};

await showIfMain(digits, import.meta.url);
