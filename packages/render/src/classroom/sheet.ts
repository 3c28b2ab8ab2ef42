import { type Expr, type Program, toText } from "@chainrule/core";
import { derivation } from "../derivation/derivation.ts";
import type { Block, Document, Formula, Inline } from "../derivation/document.ts";
import { derivationDocument } from "../derivation/print.ts";
import { printLatex } from "../derivation/printLatex.ts";
import { nameLatex } from "../latex/nameLatex.ts";
import { toLatex } from "../latex/toLatex.ts";
import type { Exercise, Question } from "./makeExercise.ts";
import { equations, heading, numeral, paragraph, written } from "./words.ts";

/** One student's exercises, or those of the whole class. */
export interface Sheet {
  readonly student: string | undefined;
  readonly exercises: readonly Exercise[];
}

/** What of a sheet is printed. */
export const sheetParts = ["all", "exercises", "key", "solutions"] as const;
/** A part of a sheet that can be printed alone. */
export type SheetPart = (typeof sheetParts)[number];

/** Digits of answers and solutions. */
export const DIGITS = 5;

/** Exercises, answer key and worked solutions of one or more students, for any printer. */
export function sheetDocument(sheets: readonly Sheet[], part: SheetPart = "all"): Document {
  const blocks: Block[] = [];
  const wants = (one: SheetPart): boolean => part === "all" || part === one;
  for (const sheet of wants("exercises") ? sheets : []) {
    blocks.push(heading(titled("Exercises", sheet)));
    for (const exercise of sheet.exercises) blocks.push(...exerciseBlocks(exercise));
  }
  for (const sheet of wants("key") ? sheets : []) {
    blocks.push(heading(titled("Answer key", sheet)), keyTable(sheet));
  }
  for (const sheet of wants("solutions") ? sheets : []) {
    for (const exercise of sheet.exercises) {
      blocks.push(heading(titled(`Solution of exercise ${exercise.number}`, sheet)));
      blocks.push(...solutionBlocks(exercise));
    }
  }
  return { title: [titleOf(sheets)], blocks };
}

/** The same as LaTeX; each student's part begins a page. */
export function sheetLatex(sheets: readonly Sheet[], part: SheetPart = "all"): string {
  const text = printLatex(sheetDocument(sheets, part));
  return text.replace(
    /^(?=\\subsection\*\{(?:Exercises|Answer key|Solution of exercise 1)\b)/gm,
    (_, at) => (at === text.indexOf("\\subsection*{") ? "" : "\\clearpage\n"),
  );
}

function titled(text: string, { student }: Sheet): string {
  return student === undefined ? text : `${text}: ${student}`;
}

const SUBJECTS = {
  chain: "The chain rule",
  graph: "Computational graphs",
  network: "Networks of neurons",
  activation: "Activation functions",
} as const;

function titleOf(sheets: readonly Sheet[]): string {
  const first = sheets[0]?.exercises[0];
  return first === undefined
    ? "Exercises"
    : `${SUBJECTS[first.topic]}, level ${first.level}, seed ${first.seed}`;
}

/** What is given and what is asked. */
export function exerciseBlocks(exercise: Exercise): Block[] {
  const { problem, questions, number } = exercise;
  const blocks: Block[] = [
    heading(`Exercise ${number}`, 2),
    equations(definitionLines(exercise.program)),
    paragraph(...givenAt(exercise)),
  ];
  if (problem.updated !== undefined) {
    blocks.push(paragraph(`Learning rate ${problem.rate}.`));
  }
  blocks.push(
    paragraph(
      "Find ",
      ...questions.flatMap((question, i): Inline[] => [
        ...(i === 0 ? [] : ["; "]),
        `(${question.id}) `,
        asked(exercise, question),
      ]),
      ".",
    ),
  );
  if (questions.some(({ answer, tolerance }) => tolerance > Math.abs(answer) / 1000 + 1e-5)) {
    const decimals = problem.updated === undefined ? "" : "; give new weights with five decimals";
    blocks.push(paragraph(`Three significant digits are enough${decimals}.`));
  }
  return blocks;
}

/** Definitions as they were typed, each by the names of others. */
export function definitionLines(program: Program): (readonly [Formula, Formula])[] {
  return Object.entries(program.definitions).map(([name, node]) => [
    named(name),
    bodyOf(program, node),
  ]);
}

function bodyOf({ names }: Program, node: Expr): Formula {
  const others = new Map(names);
  others.delete(node);
  return {
    text: toText(node, { names: others, style: "reading" }),
    latex: toLatex(node, { names: others }),
  };
}

function named(name: string): Formula {
  return written(name, nameLatex(name));
}

/** "at a = 3, b = 1". */
export function givenAt({ problem }: Exercise): Inline[] {
  const all = Object.entries(problem.values).map(([name, value]): Formula => {
    const [left, right] = [named(name), numeral(value)];
    return written(`${left.text} = ${right.text}`, `${left.latex} = ${right.latex}`);
  });
  return ["At ", ...all.flatMap((one, i): Inline[] => (i === 0 ? [one] : [", ", one]))];
}

/** `L`, `∂L/∂a`, or the new w. */
export function asked(
  { program }: Exercise,
  { kind, of, by }: Pick<Question, "kind" | "of" | "by">,
): Formula {
  if (kind === "value" || by === undefined) return named(of);
  if (kind === "update") {
    return written(`new ${by}`, `${nameLatex(by)}^{\\text{new}}`);
  }
  const single = Object.keys(program.variables).length === 1;
  const latex = single ? "d" : "\\partial";
  const text = single ? "d" : "∂";
  return written(
    `${text}${of}/${text}${by}`,
    `\\frac{${latex} ${nameLatex(of)}}{${latex} ${nameLatex(by)}}`,
  );
}

function keyTable({ exercises }: Sheet): Block {
  const rows = exercises.flatMap((exercise) =>
    exercise.questions.map((question): Inline[][] => [
      [question.id],
      [asked(exercise, question)],
      [numeral(question.answer, { digits: DIGITS })],
    ]),
  );
  return { kind: "table", header: ["question", "asked", "answer"], rows };
}

/** The worked solution. */
export function solutionBlocks({ problem, program }: Exercise): readonly Block[] {
  const { values, by: wrt, rate, updated } = problem;
  const single = Object.keys(program.variables).length === 1;
  const worked = derivation(program, values, {
    wrt,
    digits: DIGITS,
    notation: single ? "d" : "partial",
    ...(rate === undefined ? {} : { update: rate }),
    ...(updated === undefined ? {} : { updated }),
  });
  return derivationDocument(worked).blocks;
}
