import { grad, toText } from "@chainrule/core";
import { simplify } from "@chainrule/core/rewrite";
import type { Exercise } from "./makeExercise.ts";
import type { Sheet } from "./sheet.ts";

/** A question as data. */
export interface QuestionJSON {
  readonly id: string;
  readonly kind: "value" | "derivative" | "update";
  readonly of: string;
  readonly by?: string;
  readonly answer: number;
  readonly tolerance: number;
  /** The derivative as a formula, which `parse` reads. */
  readonly formula?: string;
}

/** An exercise as data. */
export interface ExerciseJSON {
  readonly number: number;
  readonly text: string;
  readonly values: Readonly<Record<string, number>>;
  readonly rate?: number;
  readonly questions: readonly QuestionJSON[];
}

/** A sheet as data. */
export interface SheetJSON {
  readonly student?: string;
  readonly topic: string;
  readonly level: number;
  readonly seed: string;
  readonly exercises: readonly ExerciseJSON[];
}

/** Sheets with their answers as plain data for JSON. */
export function sheetsJSON(sheets: readonly Sheet[]): SheetJSON[] {
  return sheets.flatMap(({ student, exercises }) => {
    const [first] = exercises;
    if (first === undefined) return [];
    const { topic, level, seed } = first;
    const head = { topic, level, seed, exercises: exercises.map(exerciseJSON) };
    return [student === undefined ? head : { student, ...head }];
  });
}

function exerciseJSON({ number, problem, program, questions }: Exercise): ExerciseJSON {
  const { text, values, rate } = problem;
  const formula = (name: string): string => {
    const variable = program.variables[name];
    if (variable === undefined) return "";
    return toText(simplify(grad(program.result, variable, { form: "reading" })));
  };
  return {
    number,
    text,
    values,
    ...(rate === undefined ? {} : { rate }),
    questions: questions.map(({ by, ...question }) => ({
      ...question,
      ...(by === undefined ? {} : { by }),
      ...(by === undefined || question.kind !== "derivative" ? {} : { formula: formula(by) }),
    })),
  };
}
