import { backprop, constant, evaluate, grad, softmax, Tensor } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { simplify } from "@chainrule/core/rewrite";
import type { Block } from "../derivation/document.ts";
import { roundNumber } from "../number/roundNumber.ts";
import { type ActivationPage, activationPages, softmaxPage } from "./activationPages.ts";
import { equations, expression, formula, heading, numeral, paragraph, written } from "./words.ts";

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
    ...activationPages.flatMap(activationBlocks),
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
    equations(softmaxPage.formulas),
    paragraph(
      `Range: ${softmaxPage.range} It takes the whole layer, not one neuron. δ_ij is 1 for i = j, else 0.`,
    ),
    { kind: "table", header: ["x", "softmax(x)", "∂s_1/∂x_1"], rows },
    paragraph(`Advantages. ${softmaxPage.advantages}`),
    paragraph(`Disadvantages. ${softmaxPage.disadvantages}`),
  ];
}
