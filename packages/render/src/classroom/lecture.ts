import { ArgumentError } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { derivation } from "../derivation/derivation.ts";
import type { Block, Document } from "../derivation/document.ts";
import { derivationDocument } from "../derivation/print.ts";
import { lectureActivations } from "./lectureActivations.ts";
import { lectureClaims } from "./lectureClaims.ts";
import { lectureNetworkPage } from "./lectureNetworkPage.ts";
import { equations, formula, heading, numeral, paragraph, written } from "./words.ts";

/** Sections of the lecture, in its order. */
export const lectureTopics = [
  "neurons",
  "training",
  "sigmoid",
  "losses",
  "chain",
  "graph",
  "network",
  "activations",
  "over-training",
  "deeper",
] as const;
/** A topic of the lecture. */
export type LectureTopic = (typeof lectureTopics)[number];

const sections: Readonly<Record<LectureTopic, () => readonly Block[]>> = {
  neurons: () => lectureClaims("Neurons and architectures", [0, 1, 2]),
  training: () => lectureClaims("Training", [3, 4]),
  sigmoid,
  losses,
  chain,
  graph,
  network: lectureNetworkPage,
  activations: () => [
    ...lectureActivations(),
    ...lectureClaims("Activations put to the test", [9]),
  ],
  "over-training": () => lectureClaims("Over-training, and what networks are said to be", [10]),
  deeper: () => lectureClaims("Deeper networks", [11]),
};

/**
 * A lecture on the chain rule and networks of neurons, whole or one section of it, with every number
 * computed: derivatives here, the verdicts on its claims by experiments (`examples/claims`) whose results are data. Throws ArgumentError for a section there is not.
 */
export function lecture(topic?: string): Document {
  if (topic === undefined) {
    const blocks = lectureTopics.flatMap((one) => sections[one]());
    return { title: ["The chain rule in neural networks"], blocks };
  }
  const found = lectureTopics.find((one) => one === topic);
  if (found === undefined) {
    throw new ArgumentError(
      `lecture: the topic must be one of ${lectureTopics.join(", ")}, got "${topic}"`,
    );
  }
  const [first, ...rest] = sections[found]();
  const title = first?.kind === "heading" ? first.content : [found];
  return { title, blocks: rest };
}

function sigmoid(): Block[] {
  const g = written("g(z)", "g(z)");
  return [
    heading("Sigmoid"),
    paragraph("The step of a threshold, made smooth:"),
    equations([
      [g, formula("1/(1 + exp(-z))")],
      [written("g'(z)", "g'(z)"), written("g(z) (1 - g(z))", "g(z)\\,(1 - g(z))")],
    ]),
    paragraph("It is 0.5 at 0, where it is steepest with slope 0.25."),
  ];
}

/** Two examples: targets, and outputs for them. */
const TARGETS: readonly number[] = [1, 0];
const OUTPUTS: readonly number[] = [0.8, 0.4];

function losses(): Block[] {
  const n = TARGETS.length;
  const squared = TARGETS.reduce((sum, y, i) => sum + (y - (OUTPUTS[i] as number)) ** 2, 0) / n;
  const entropy = -TARGETS.reduce((sum, y, i) => sum + y * Math.log(OUTPUTS[i] as number), 0) / n;
  const mse = written("MSE", "\\mathrm{MSE}");
  const ce = written("CE", "\\mathrm{CE}");
  return [
    heading("Loss functions"),
    equations([
      [
        mse,
        written("1/n Σ (y - ŷ)^2", "\\frac{1}{n} \\sum (y - \\hat y)^{2}"),
        "mean squared error",
      ],
      [ce, written("-1/n Σ y ln ŷ", "-\\frac{1}{n} \\sum y \\ln \\hat y"), "cross-entropy"],
    ]),
    paragraph(
      `For targets ${TARGETS.join(", ")} and outputs ${OUTPUTS.join(", ")} the mean squared error is `,
      numeral(squared, { digits: 6 }),
      " and the cross-entropy ",
      numeral(entropy, { digits: 6 }),
      ".",
    ),
  ];
}

/** A worked derivation as part of a page. */
function worked(text: string, functions: readonly string[] = []): readonly Block[] {
  return derivationDocument(derivation(parse(text, { functions }))).blocks;
}

function chain(): Block[] {
  return [
    heading("Chain rule"),
    paragraph("The derivative of a composition is the product of the derivatives of its parts."),
    paragraph("Two functions, ", formula("u(v(x))", ["u", "v"]), ":"),
    ...worked("v_1 = v(x); y = u(v_1)", ["u", "v"]),
    paragraph("Three functions, ", formula("u(v(w(x)))", ["u", "v", "w"]), ":"),
    ...worked("w_1 = w(x); v_1 = v(w_1); y = u(v_1)", ["u", "v", "w"]),
  ];
}

function graph(): Block[] {
  return [
    heading("Computational graph"),
    paragraph(
      "Each operation is a node, each use of a result an edge with a local derivative; the derivative is the sum over the paths of the products along them. For ",
      written("L(a, b, c) = c(a + 2b)", "L(a, b, c) = c(a + 2b)"),
      ":",
    ),
    ...worked("d = 2b; e = a + d; L = c e; a = 3; b = 1; c = -2"),
  ];
}
