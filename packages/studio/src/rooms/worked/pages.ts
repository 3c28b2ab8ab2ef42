import type { Block } from "@chainrule/render";
import { type Numbers, trained, type WeightName, weightNames } from "./network.ts";
import type { DigitsChoice } from "./printing.ts";
import { type WorkedSections, withNotes, workedSections } from "./workedSections.ts";

/** A page by its name. */
export type PageId = "network" | "hidden" | "outputs" | "error" | WeightName | "update" | "after";

/** The pages in the lecture's order. */
export const pageIds: readonly PageId[] = [
  "network",
  "hidden",
  "outputs",
  "error",
  ...weightNames,
  "update",
  "after",
];

/** What a page shows beside the drawing. */
export interface Page {
  readonly title: string;
  /** A sentence or two before the formulas. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** The numbers a page is made of. */
export interface PageNumbers {
  /** Before the step that the pages work out. */
  readonly numbers: Numbers;
  /** After it. */
  readonly next: Numbers;
  readonly rate: number;
  readonly biases: boolean;
  readonly digits: DigitsChoice;
}

/** Each page in a word or two, for the list of pages. */
export const pageNames: Readonly<Record<PageId, string>> = {
  network: "Network",
  hidden: "Hidden",
  outputs: "Outputs",
  error: "Error",
  w5: "w₅",
  w6: "w₆",
  w7: "w₇",
  w8: "w₈",
  w1: "w₁",
  w2: "w₂",
  w3: "w₃",
  w4: "w₄",
  update: "Update",
  after: "After",
};

/** Steps of the forward pass that a page works out. */
export const stepsOf: Readonly<Record<"hidden" | "outputs" | "error", readonly string[]>> = {
  hidden: ["sum_h1", "out_h1", "sum_h2", "out_h2"],
  outputs: ["sum_o1", "out_o1", "sum_o2", "out_o2"],
  error: ["E1", "E2", "E"],
};

/** Whether a page works out the derivative by a weight. */
export function isWeight(id: PageId): id is WeightName {
  return weightNames.some((name) => name === id);
}

/** A page of the worked network: of what render derives, that which the page is about. */
export function pageOf(id: PageId, given: PageNumbers): Page {
  if (isWeight(id)) return weightPage(id, given);
  const { numbers, next } = given;
  switch (id) {
    case "network":
      return {
        title: "The network",
        text: "Two inputs, two hidden neurons, two outputs. The weights of the hidden neurons are numbered by the input they leave, those of the outputs by the neuron they reach. The targets are what the outputs ought to be.",
        blocks: definitions(given),
      };
    case "hidden":
      return {
        title: "Forward: the hidden neurons",
        text: "Each neuron adds what comes in, times its weight, and the bias; the sigmoid makes of the sum what goes on.",
        blocks: forward(given, numbers, stepsOf.hidden),
      };
    case "outputs":
      return {
        title: "Forward: the output neurons",
        text: "The same again, with what the hidden neurons put out.",
        blocks: forward(given, numbers, stepsOf.outputs),
      };
    case "error":
      return {
        title: "The error",
        text: "Half the square of what each output misses its target by; E is the sum of both. Mind that a mean squared error has 1/n in place of ½.",
        blocks: forward(given, numbers, stepsOf.error),
      };
    case "update":
      return updatePage(given);
    case "after":
      return {
        title: "After the step",
        text: "The same example once more, with the new weights.",
        blocks: forward(given, next),
      };
  }
}

/** Steps of the forward pass, worked out; all of them unless named. */
function forward(
  { rate, digits }: PageNumbers,
  numbers: Numbers,
  steps?: readonly string[],
): readonly Block[] {
  const worked = workedSections(numbers, [], rate, digits);
  const shown = steps ?? [...worked.forward.keys()];
  const lines = shown.flatMap((step) => worked.forward.get(step) ?? []);
  return withNotes([{ kind: "equations", lines }, ...worked.rounding], worked.notes);
}

/** What each step is, in symbols: the first line of each. */
function definitions({ numbers, rate, digits }: PageNumbers): readonly Block[] {
  const { forward } = workedSections(numbers, [], rate, digits);
  return [
    { kind: "equations", lines: [...forward.values()].flatMap((lines) => lines.slice(0, 1)) },
  ];
}

function weightPage(name: WeightName, { numbers, rate, digits }: PageNumbers): Page {
  const worked: WorkedSections = workedSections(numbers, [name], rate, digits);
  const blocks = [...worked.derivatives, ...worked.update, ...worked.rounding];
  const hidden = Number(name.slice(1)) <= 4;
  return {
    title: `Backward: ∂E/∂${pageNames[name]}`,
    text: hidden
      ? "This weight leads into a hidden neuron, which both outputs hear: two paths, whose products are added. The weights on the way are those of before the step."
      : "This weight leads into one output: one path, and the derivative is the product along it.",
    blocks: withNotes(blocks, worked.notes),
  };
}

function updatePage({ numbers, rate, biases, digits }: PageNumbers): Page {
  const worked = workedSections(numbers, trained(biases), rate, digits);
  const kept = biases ? "" : " The biases stay as they are.";
  return {
    title: "The new weights",
    text: `Each weight goes against its derivative, by the learning rate η = ${rate}.${kept}`,
    blocks: withNotes([...worked.update, ...worked.rounding], worked.notes),
  };
}
