import type { Formula } from "../derivation/document.ts";
import { written } from "./words.ts";

/** What a lecture says of an activation function of one number. */
export interface ActivationPage {
  /** Its name in texts: `sigmoid`, `leakyRelu`. */
  readonly id: "sigmoid" | "tanh" | "relu" | "leakyRelu";
  readonly title: string;
  /** As one types it, a function of x. */
  readonly text: string;
  /** Other ways to write it. */
  readonly forms: readonly string[];
  readonly range: Formula;
  readonly slopes: Formula;
  readonly advantages: string;
  readonly disadvantages: string;
}

/** The activations of the lecture, in its order. */
export const activationPages: readonly ActivationPage[] = [
  {
    id: "sigmoid",
    title: "Sigmoid",
    text: "sigmoid(x)",
    forms: ["1/(1 + exp(-x))"],
    range: written("(0, 1)", "(0, 1)"),
    slopes: written("(0, 0.25]", "(0, 0.25]"),
    advantages: "Squashes any number into a probability; smooth, so differentiable everywhere.",
    disadvantages:
      "Not zero-centred: all weight gradients of one neuron share a sign. The slope is at most 0.25 and vanishes at both ends, layer by layer. Costs an exponential.",
  },
  {
    id: "tanh",
    title: "Hyperbolic tangent",
    text: "tanh(x)",
    forms: ["2sigmoid(2x) - 1"],
    range: written("(-1, 1)", "(-1, 1)"),
    slopes: written("(0, 1]", "(0, 1]"),
    advantages: "Zero-centred; four times as steep at 0 as the sigmoid.",
    disadvantages: "Still saturates: gradients vanish at both ends. Costs an exponential.",
  },
  {
    id: "relu",
    title: "ReLU",
    text: "relu(x)",
    forms: ["max(0, x)"],
    range: written("[0, ∞)", "[0, \\infty)"),
    slopes: written("0 or 1, and 1 at 0", "0 \\text{ or } 1\\text{, and } 1 \\text{ at } 0"),
    advantages:
      "Does not vanish for positive inputs; many neurons are inactive, so that the network is sparse; costs a comparison.",
    disadvantages:
      "Not zero-centred, and a neuron that is negative for all examples has slope 0 and never learns again: it is dead.",
  },
  {
    id: "leakyRelu",
    title: "Leaky ReLU",
    text: "leakyRelu(x)",
    forms: [],
    range: written("(-∞, ∞)", "(-\\infty, \\infty)"),
    slopes: written("α or 1, and 1 at 0", "\\alpha \\text{ or } 1\\text{, and } 1 \\text{ at } 0"),
    advantages: "The constant slope α below 0 keeps neurons from dying.",
    disadvantages: "One more number to choose, α, often 0.01; below 0 the gradient is small.",
  },
];

/** What a lecture says of softmax, which takes a whole layer. */
export const softmaxPage: {
  readonly title: string;
  /** Left and right sides of its formulas. */
  readonly formulas: readonly (readonly [Formula, Formula])[];
  readonly range: string;
  readonly advantages: string;
  readonly disadvantages: string;
} = {
  title: "Softmax",
  formulas: [
    [
      written("s_i", "s_{i}"),
      written("exp(x_i) / Σ_k exp(x_k)", "\\frac{e^{x_{i}}}{\\sum_{k} e^{x_{k}}}"),
    ],
    [
      written("∂s_i/∂x_j", "\\frac{\\partial s_{i}}{\\partial x_{j}}"),
      written("s_i (δ_ij - s_j)", "s_{i} (\\delta_{ij} - s_{j})"),
    ],
  ],
  range: "(0, 1) each, and all add up to 1.",
  advantages: "Gives a distribution over several classes.",
  disadvantages: "Saturates: where one input is far above the others, all slopes are nearly 0.",
};
