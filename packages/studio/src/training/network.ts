import { gelu, leakyRelu, relu, sigmoid, tanh } from "@chainrule/core";
import {
  type Activation,
  adagrad,
  adam,
  bceWithLogits,
  crossEntropy,
  dense,
  dropout,
  glorotUniform,
  gradientDescent,
  heNormal,
  type Initial,
  identity,
  type Layer,
  type Loss,
  lecunNormal,
  momentum,
  mse,
  named,
  nesterov,
  type Optimizer,
  penalised,
  rmsprop,
  sequential,
  smallUniform,
  type Trainer,
  tap,
  trainer,
} from "@chainrule/nn";
import { featureLayer } from "./features.ts";
import type {
  ActivationId,
  InitialiserId,
  OptimizerId,
  TrainingSettings,
} from "./trainingSettings.ts";

/** Something of nn by its title, with how it is written in source text. */
interface Choice<T> {
  readonly title: string;
  readonly make: T;
  readonly source: string;
}

/** The activations of hidden units. */
export const activations: Readonly<Record<ActivationId, Choice<Activation>>> = {
  tanh: { title: "tanh", make: tanh, source: "tanh" },
  sigmoid: { title: "Sigmoid", make: sigmoid, source: "sigmoid" },
  relu: { title: "ReLU", make: relu, source: "relu" },
  leakyRelu: { title: "Leaky ReLU", make: leakyRelu, source: "leakyRelu" },
  gelu: { title: "GELU", make: gelu, source: "gelu" },
  identity: { title: "Linear", make: identity, source: "identity" },
};

/** The first weights. */
export const initialisers: Readonly<Record<InitialiserId, Choice<Initial>>> = {
  glorot: { title: "Glorot", make: glorotUniform(), source: "glorotUniform()" },
  he: { title: "He", make: heNormal(), source: "heNormal()" },
  lecun: { title: "LeCun", make: lecunNormal(), source: "lecunNormal()" },
  small: { title: "Small, within ±0.5", make: smallUniform(0.5), source: "smallUniform(0.5)" },
  zero: { title: "All zero", make: 0, source: "0" },
};

/** The optimizers by their rate. */
export const optimizers: Readonly<Record<OptimizerId, Choice<(rate: number) => Optimizer>>> = {
  gradientDescent: {
    title: "Gradient descent",
    make: (rate) => gradientDescent({ rate }),
    source: "gradientDescent",
  },
  momentum: { title: "Momentum", make: (rate) => momentum({ rate }), source: "momentum" },
  nesterov: { title: "Nesterov", make: (rate) => nesterov({ rate }), source: "nesterov" },
  adagrad: { title: "Adagrad", make: (rate) => adagrad({ rate }), source: "adagrad" },
  rmsprop: { title: "RMSProp", make: (rate) => rmsprop({ rate }), source: "rmsprop" },
  adam: { title: "Adam", make: (rate) => adam({ rate }), source: "adam" },
};

/** Name of the layer that holds hidden layer `index`'s weights, from 0 on. */
export function hiddenName(index: number): string {
  return `hidden${index + 1}`;
}

/** Outputs of the network: one for a number or two classes, else one a class. */
export function outputsOf(classes: number): number {
  return classes > 2 ? classes : 1;
}

/** The loss: cross-entropy of classes, else the mean square. */
export function lossOf(classes: number): { readonly loss: Loss; readonly source: string } {
  if (classes === 0) return { loss: mse, source: "mse" };
  if (classes === 2) return { loss: bceWithLogits, source: "bceWithLogits" };
  return { loss: crossEntropy, source: "crossEntropy" };
}

/** Features, hidden layers whose outputs are tapped, and the output. Shapes: [batch, 2] → [batch, outputs]. */
export function network(settings: TrainingSettings, classes: number): Layer {
  const { features, layers, activation, initialiser, dropout: rate } = settings;
  const weight = initialisers[initialiser].make;
  const hidden = layers.flatMap((units, i) => [
    named(hiddenName(i), dense(units, activations[activation].make, { weight })),
    tap(hiddenName(i)),
    ...(rate > 0 ? [dropout(rate)] : []),
  ]);
  const output = named("output", dense(outputsOf(classes), undefined, { weight }));
  return sequential(featureLayer(features), tap("features"), ...hidden, output);
}

/** The optimizer with what large weights cost. */
export function optimizerOf({ optimizer, rate, penalty, strength }: TrainingSettings): Optimizer {
  const made = optimizers[optimizer].make(rate);
  return penalty === "none" ? made : penalised(made, { [penalty]: strength });
}

/** The compiled trainer of a member of the committee; each has a seed of its own. */
export function memberTrainer(
  settings: TrainingSettings,
  classes: number,
  member: number,
): Trainer {
  return trainer(network(settings, classes), {
    input: ["batch", 2],
    loss: lossOf(classes).loss,
    optimizer: optimizerOf(settings),
    seed: memberSeed(settings.seed, member),
  });
}

/** Seeds of members lie far apart, so that the committee of the next seed is made of others. */
export function memberSeed(seed: number, member: number): number {
  return seed + 1_000_003 * member;
}
