import {
  type ExerciseLevel,
  type ExerciseTopic,
  type GivenAnswer,
  gradeAnswers,
  type MarkedAnswer,
} from "@chainrule/render/classroom";
import { readRows } from "./csv.ts";
import { readText } from "./files.ts";
import { formatNumber } from "./numbers.ts";
import { UsageError } from "./usageError.ts";

/** Options of `grade`: what the columns of the file leave out. */
export interface GradeOptions {
  readonly topic?: ExerciseTopic;
  readonly level?: number;
  readonly seed?: string;
  readonly format: "table" | "json";
  readonly output?: string;
}

/** The command `chainrule grade FILE`: each answer marked, and what the class got wrong. */
export function grade(path: string, options: GradeOptions): string {
  const marked = gradeAnswers(answersOf(path, options));
  if (options.format === "json") return `${JSON.stringify(marked, null, 2)}\n`;
  return `${answerLines(marked)}\n${totals(marked)}${frequent(marked)}`;
}

function answersOf(path: string, options: GradeOptions): GivenAnswer[] {
  const { header, rows } = readRows(path, readText(path));
  for (const name of ["question", "answer"]) {
    if (header.includes(name)) continue;
    throw new UsageError(
      `${path}: the columns must be question and answer, got ${header.join(", ")}`,
    );
  }
  return rows.map((row, i) => {
    const cell = (name: string): string => row[header.indexOf(name)] ?? "";
    const need = (name: "topic" | "level" | "seed"): string => {
      const text = cell(name) || String(options[name] ?? "");
      if (text !== "") return text;
      throw new UsageError(`${path}: line ${i + 2}: give ${name} in a column or as --${name}`);
    };
    const student = cell("student");
    return {
      topic: need("topic") as ExerciseTopic,
      level: Number(need("level")) as ExerciseLevel,
      seed: need("seed"),
      ...(student === "" ? {} : { student }),
      question: cell("question"),
      answer: cell("answer"),
    };
  });
}

function answerLines(marked: readonly MarkedAnswer[]): string {
  const rows = marked.map(({ student = "", question, answer, mark, expected, mistakes }) => {
    const right = mark === "right" ? "" : `answer ${formatNumber(expected, 5)}`;
    const why = mistakes[0] === undefined ? "" : `${mistakes[0].name}: ${mistakes[0].sentence}`;
    return [student, question, answer, mark, right, why];
  });
  const widths = [0, 1, 2, 3, 4].map((i) =>
    rows.reduce((width, row) => Math.max(width, [...(row[i] ?? "")].length), 0),
  );
  return rows
    .map((row) =>
      row
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join("  ")
        .trim(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** How many are right, a line a student. */
function totals(marked: readonly MarkedAnswer[]): string {
  const students = new Map<string, { right: number; all: number }>();
  for (const { student = "", mark } of marked) {
    const total = students.get(student) ?? { right: 0, all: 0 };
    total.all += 1;
    if (mark === "right") total.right += 1;
    students.set(student, total);
  }
  return [...students]
    .map(
      ([student, { right, all }]) => `${student === "" ? "Right" : student}: ${right} of ${all}\n`,
    )
    .join("");
}

/** Mistakes of the class, the most frequent first. */
function frequent(marked: readonly MarkedAnswer[]): string {
  const counts = new Map<string, number>();
  for (const { mistakes } of marked) {
    const [first] = mistakes;
    if (first !== undefined) counts.set(first.name, (counts.get(first.name) ?? 0) + 1);
  }
  if (counts.size === 0) return "";
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return `Mistakes: ${sorted.map(([name, count]) => `${name} (${count})`).join(", ")}\n`;
}
