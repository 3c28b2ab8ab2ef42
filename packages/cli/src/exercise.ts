import {
  documentMarkdown,
  type ExerciseLevel,
  type ExerciseTopic,
  makeExercises,
  moodleXml,
  type Sheet,
  type SheetPart,
  sheetDocument,
  sheetLatex,
  sheetsJSON,
} from "@chainrule/render/classroom";
import { readRows, writeRows } from "./csv.ts";
import { readText } from "./files.ts";
import { UsageError } from "./usageError.ts";

/** Options of `exercise`. */
export interface ExerciseOptions {
  readonly topic: ExerciseTopic;
  readonly level: number;
  readonly count: number;
  readonly seed: string;
  readonly students?: string;
  readonly part: SheetPart;
  readonly format: "latex" | "markdown" | "moodle" | "json" | "csv";
  readonly output?: string;
}

/** The command `chainrule exercise`: the sheet, or those of a class, as text. */
export function exercise(options: ExerciseOptions): string {
  const { topic, count, seed, students, format, part } = options;
  const level = options.level as ExerciseLevel;
  const names = students === undefined ? [undefined] : studentsOf(students);
  const sheets = names.map((student): Sheet => {
    const key = { topic, level, seed, ...(student === undefined ? {} : { student }) };
    return { student, exercises: makeExercises(key, count) };
  });
  switch (format) {
    case "latex":
      return sheetLatex(sheets, part);
    case "markdown":
      return documentMarkdown(sheetDocument(sheets, part));
    case "moodle":
      return moodleXml(sheets);
    case "json":
      return `${JSON.stringify(sheetsJSON(sheets), null, 2)}\n`;
    case "csv":
      return answerTable(sheets);
  }
}

/** The column `student`, or else the first. */
function studentsOf(path: string): readonly string[] {
  const { header, rows } = readRows(path, readText(path));
  const column = Math.max(0, header.indexOf("student"));
  const seen = new Set<string>();
  for (const [i, row] of rows.entries()) {
    const name = row[column] ?? "";
    if (name === "") throw new UsageError(`${path}: line ${i + 2}: a student must have a name`);
    if (seen.has(name)) {
      throw new UsageError(`${path}: line ${i + 2}: names must differ, got "${name}" twice`);
    }
    seen.add(name);
  }
  return [...seen];
}

/** What `grade` reads, with nothing answered yet. */
function answerTable(sheets: readonly Sheet[]): string {
  const rows = sheets.flatMap(({ student = "", exercises }) =>
    exercises.flatMap(({ topic, level, seed, questions }) =>
      questions.map(({ id }) => [student, topic, String(level), seed, id, ""]),
    ),
  );
  return writeRows([["student", "topic", "level", "seed", "question", "answer"], ...rows]);
}
