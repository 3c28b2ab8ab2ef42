import { relu } from "@chainrule/core";
import {
  adam,
  conv2d,
  cosineDecay,
  crossEntropy,
  dense,
  flatten,
  type LayerLike,
  maxPool2d,
  sequential,
  type Trainer,
  tap,
  trainer,
} from "@chainrule/nn";

/** Pixels a side of what the reader sees: few enough to be looked at one by one. */
export const SIZE = 16;

/** What can be looked at on the way from image to digit. */
export type ReaderTap = "maps1" | "pooled1" | "maps2" | "pooled2";

/**
 * Two convolutions, each followed by windows of which only the largest element goes on, and ten logits.
 *
 * Shapes: image [batch, 1, 16, 16] → [batch, 10]. 3946 parameters.
 */
function layers(): LayerLike[] {
  return [
    conv2d(8, 5, { activation: relu, padding: "same" }),
    tap("maps1"),
    maxPool2d(2),
    tap("pooled1"),
    conv2d(16, 3, { activation: relu, padding: "same" }),
    tap("maps2"),
    maxPool2d(2),
    tap("pooled2"),
    flatten(),
    dense(10),
  ];
}

/** A reader of digits that has learnt nothing yet; its rate falls to 0 over so many steps. */
export function untrainedReader(steps: number, seed: number): Trainer<"accuracy"> {
  return trainer(sequential(...layers()), {
    input: ["batch", 1, SIZE, SIZE],
    loss: crossEntropy,
    optimizer: adam({ rate: cosineDecay(0.005, { steps }) }),
    dtype: "f32",
    seed,
  });
}
