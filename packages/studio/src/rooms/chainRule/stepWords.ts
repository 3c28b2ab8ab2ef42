import type { Lesson, LessonStep } from "./lesson.ts";

/** The title of a position: `Forward: e`, `Backward: ∂L/∂e`. */
export function stepTitle(step: LessonStep): string {
  switch (step.kind) {
    case "inputs":
      return "The inputs";
    case "forward":
      return `Forward: the value of ${step.quantity.name}`;
    case "backward":
      return `Backward: ${step.name.text}`;
  }
}

/** A step in one sentence, for those who hear it. */
export function stepSentence({ steps, walk }: Lesson, position: number): string {
  const step = steps[position];
  if (step === undefined) return "";
  const place = `Step ${position + 1} of ${steps.length}`;
  if (step.kind === "inputs") {
    const inputs = walk.inputs.map(({ name, value }) => `${name} = ${value.text}`);
    return `${place}. Inputs: ${inputs.join(", ")}`;
  }
  const told = step.lines.map(({ relation, right }) => `${relation} ${right.text}`).join(" ");
  const rules = rulesOf(step);
  return `${place}, ${step.kind}. ${step.name.text} ${told}${rules === "" ? "" : `, by ${rules}`}`;
}

/** The rules of a backward step, each once. */
export function rulesOf(step: LessonStep): string {
  if (step.kind !== "backward") return "";
  return [...new Set(step.terms.flatMap(({ local }) => local.rules))].join(", ");
}
