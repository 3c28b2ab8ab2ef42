import { backprop, constant, evaluate, grad, softmax, Tensor } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { simplify } from "@chainrule/core/rewrite";
import type { Block, Formula } from "../derivation/document.ts";
import { roundNumber } from "../number/roundNumber.ts";
import { equations, expression, formula, heading, numeral, paragraph, written } from "./words.ts";

interface ActivationPage {
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

const pages: readonly ActivationPage[] = [
  {
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
    title: "Hyperbolic tangent",
    text: "tanh(x)",
    forms: ["2sigmoid(2x) - 1"],
    range: written("(-1, 1)", "(-1, 1)"),
    slopes: written("(0, 1]", "(0, 1]"),
    advantages: "Zero-centred; four times as steep at 0 as the sigmoid.",
    disadvantages: "Still saturates: gradients vanish at both ends. Costs an exponential.",
  },
  {
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
    title: "Leaky ReLU",
    text: "leakyRelu(x)",
    forms: [],
    range: written("(-∞, ∞)", "(-\\infty, \\infty)"),
    slopes: written("α or 1, and 1 at 0", "\\alpha \\text{ or } 1\\text{, and } 1 \\text{ at } 0"),
    advantages: "The constant slope α below 0 keeps neurons from dying.",
    disadvantages: "One more number to choose, α = 0.01 here; below 0 the gradient is small.",
  },
];

/** Where activations and their slopes are tabled. */
const POINTS: readonly number[] = [-10, -2, -1, 0, 1, 2, 10];

const DIGITS = { digits: 5 } as const;

/** Each activation with formula, derivative, range, and what speaks for and against it. */
export function lectureActivations(): Block[] {
  return [
    heading("Activation functions"),
    paragraph(
      "An activation function decides what a neuron makes of its weighted sum; its slope is a factor of every gradient that passes the neuron.",
    ),
    ...pages.flatMap(activationBlocks),
    ...softmaxBlocks(),
  ];
}

function activationBlocks(page: ActivationPage): Block[] {
  const { result, variables } = parse(page.text);
  const slope = simplify(grad(result, variables["x"] ?? result, { form: "reading" }));
  const f = written("f(x)", "f(x)");
  const body = expression(result);
  const forms = page.forms.map((form) => [f, formula(form)] as const);
  const rows = POINTS.map((x) => {
    const [value, derivative] = valuesAt(page.text, x);
    return [[numeral(x)], [numeral(value, DIGITS)], [numeral(derivative, DIGITS)]];
  });
  return [
    heading(page.title, 2),
    equations([[f, body], ...forms, [written("f'(x)", "f'(x)"), expression(slope)]]),
    paragraph("Range: ", page.range, ". Slopes: ", page.slopes, "."),
    { kind: "table", header: ["x", "f(x)", "f'(x)"], rows },
    paragraph(`Advantages. ${page.advantages}`),
    paragraph(`Disadvantages. ${page.disadvantages}`),
  ];
}

function valuesAt(text: string, x: number): readonly [number, number] {
  const trace = backprop(parse(text), { x });
  return [trace.nodes.at(-1)?.value as number, trace.gradients[0]?.value as number];
}

function softmaxBlocks(): Block[] {
  const s = written("s_i", "s_{i}");
  const rows = (
    [
      [1, 2, 3],
      [1, 2, 13],
    ] as const
  ).map((z) => {
    const shares = evaluate(softmax(constant([...z])));
    const items: number[] = shares instanceof Tensor ? Array.from(shares.data) : [shares];
    const first = items[0] as number;
    const list = (all: readonly number[]): string => all.join(", ");
    const shown = items.map((item) => roundNumber(item, DIGITS).value);
    return [[list(z)], [list(shown)], [numeral(first * (1 - first), DIGITS)]];
  });
  return [
    heading("Softmax", 2),
    equations([
      [s, written("exp(x_i) / Σ_k exp(x_k)", "\\frac{e^{x_{i}}}{\\sum_{k} e^{x_{k}}}")],
      [
        written("∂s_i/∂x_j", "\\frac{\\partial s_{i}}{\\partial x_{j}}"),
        written("s_i (δ_ij - s_j)", "s_{i} (\\delta_{ij} - s_{j})"),
      ],
    ]),
    paragraph(
      "Range: (0, 1) each, and all add up to 1. It takes the whole layer, not one neuron. δ_ij is 1 for i = j, else 0.",
    ),
    { kind: "table", header: ["x", "softmax(x)", "∂s_1/∂x_1"], rows },
    paragraph("Advantages. Gives a distribution over several classes."),
    paragraph(
      "Disadvantages. Saturates: where one input is far above the others, all slopes are nearly 0.",
    ),
  ];
}
