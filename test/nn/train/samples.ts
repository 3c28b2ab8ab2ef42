import { sigmoid, tanh } from "@chainrule/core";
import {
  bceWithLogits,
  dense,
  gradientDescent,
  mse,
  sequential,
  type Trainer,
  type TrainerOptions,
  trainer,
} from "@chainrule/nn";

/** Exclusive or. */
export const xor = {
  inputs: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  targets: [0, 1, 1, 0],
};

/** Twelve points, those right of a line of class 1. */
export const line = {
  inputs: Array.from({ length: 12 }, (_, i) => [Math.sin(i), i / 6 - 1]),
  targets: Array.from({ length: 12 }, (_, i) => (Math.sin(i) > i / 6 - 1 ? 1 : 0)),
};

type SmallOptions = Partial<Omit<TrainerOptions, "loss" | "input" | "metrics">>;

const common = { input: ["batch", 2], optimizer: gradientDescent({ rate: 0.1 }), seed: 1 } as const;

/** A 2-3-1 network for two classes. */
export function small(options: SmallOptions = {}): Trainer<"accuracy"> {
  const model = sequential(dense(3), tanh, dense(1));
  return trainer(model, { ...common, ...options, loss: bceWithLogits });
}

/** A 2-3-1 network whose outputs lie between 0 and 1. */
export function squashed(options: SmallOptions = {}): Trainer<never> {
  const model = sequential(dense(3), tanh, dense(1), sigmoid);
  return trainer(model, { ...common, ...options, loss: mse });
}
