import { alignedRow } from "../derivation/alignedRow.ts";
import type { Block, Inline } from "../derivation/document.ts";
import { escapeHtml } from "../escapeHtml.ts";
import { shorten } from "../text/cleanText.ts";
import type { Exercise, Question } from "./makeExercise.ts";
import { asked, definitionLines, givenAt, type Sheet, solutionBlocks } from "./sheet.ts";
import { equations } from "./words.ts";

/**
 * Exercises as Moodle XML, one Cloze question each: a field with its tolerance a number asked for,
 * the worked solution as general feedback. Formulas are for Moodle's MathJax filter.
 *
 * Source: docs.moodle.org, "Moodle XML format" and "Embedded Answers (Cloze) question type".
 */
export function moodleXml(sheets: readonly Sheet[]): string {
  const questions = sheets.flatMap((sheet) => [
    ...(sheet.student === undefined ? [] : [category(sheet.student)]),
    ...sheet.exercises.map(cloze),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n${questions.join("\n")}\n</quiz>\n`;
}

/** Each student's questions in a category of their own; a slash in a name is doubled. */
function category(student: string): string {
  const path = `$course$/top/chainrule/${student.replaceAll("/", "//")}`;
  return `  <question type="category">\n    <category><text>${escapeHtml(path)}</text></category>\n  </question>`;
}

/** As many letters of a question's name as Moodle keeps. */
const LONGEST_NAME = 255;

function cloze(exercise: Exercise): string {
  const { topic, level, seed, number, student, questions } = exercise;
  const whose = student === undefined ? "" : `, ${student}`;
  const name = `${topic} ${level}, seed ${seed}, exercise ${number}${whose}`;
  const fields = questions.map(
    (question) =>
      `<p>(${question.id}) ${inline([asked(exercise, question)])} = ${field(question)}</p>`,
  );
  const rate =
    exercise.problem.updated === undefined ? "" : `<p>Learning rate ${exercise.problem.rate}.</p>`;
  const text = [
    html(equations(definitionLines(exercise.program))),
    `<p>${inline(givenAt(exercise))}</p>`,
    rate,
    ...fields,
  ].join("");
  const feedback = solutionBlocks(exercise).map(html).join("");
  return [
    '  <question type="cloze">',
    `    <name><text>${escapeHtml(shorten(name, LONGEST_NAME))}</text></name>`,
    `    <questiontext format="html"><text>${escapeHtml(text)}</text></questiontext>`,
    `    <generalfeedback format="html"><text>${escapeHtml(feedback)}</text></generalfeedback>`,
    "  </question>",
  ].join("\n");
}

/** `{1:NUMERICAL:=-4:0.000004}`: the answer and how far off one may be. */
function field({ answer, tolerance }: Question): string {
  return `{1:NUMERICAL:=${answer}:${Number(tolerance.toPrecision(3))}}`;
}

function inline(content: readonly Inline[]): string {
  return content
    .map((part) => (typeof part === "string" ? escapeHtml(part) : `\\(${math(part.latex)}\\)`))
    .join("");
}

/** A brace and a digit, `{1:`, would open a field; a space between means the same in LaTeX. */
function math(latex: string): string {
  return escapeHtml(latex.replace(/\{(?=\d+:)/g, "{ "));
}

function html(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<h4>${inline(block.content)}</h4>`;
    case "paragraph":
      return `<p>${inline(block.content)}</p>`;
    case "table": {
      const row = (cells: readonly string[], tag: "th" | "td"): string =>
        `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
      const rows = block.rows.map((cells) => row(cells.map(inline), "td"));
      return `<table>${row(block.header.map(escapeHtml), "th")}${rows.join("")}</table>`;
    }
    case "equations": {
      const rows = block.lines.map((line) => alignedRow(line, (note) => `^{[${note}]}`));
      return `<p>\\[\\begin{aligned}${math(rows.join(" \\\\ "))}\\end{aligned}\\]</p>`;
    }
    case "notes":
      return `<ol>${block.items.map((item) => `<li>${inline(item)}</li>`).join("")}</ol>`;
  }
}
