import { ArgumentError, evaluate } from "@chainrule/core";
import { ParseError } from "@chainrule/core/parse";
import { diagnoseAnswer } from "@chainrule/core/rewrite";
import type { NamedMistake } from "./checkAnswer.ts";
import { type Exercise, type ExerciseKey, makeExercise, type Question } from "./makeExercise.ts";
import { readAnswer } from "./readAnswer.ts";
import { valueMistakes } from "./valueMistakes.ts";

/** An answer and what it answers. */
export interface GivenAnswer extends Omit<ExerciseKey, "number"> {
  /** `2b` */
  readonly question: string;
  readonly answer: string;
}

/** A marked answer. */
export interface MarkedAnswer extends GivenAnswer {
  readonly mark: "right" | "wrong" | "missing" | "unreadable";
  readonly expected: number;
  /** Recognised mistakes, the likeliest first. */
  readonly mistakes: readonly NamedMistake[];
}

/**
 * Marks answers to exercises, which are made anew from their seeds, and names the mistakes.
 *
 * Throws ArgumentError for a question that the exercise does not have.
 */
export function gradeAnswers(answers: readonly GivenAnswer[]): readonly MarkedAnswer[] {
  const made = new Map<string, Exercise>();
  return answers.map((given) => {
    const found = /^([1-9]\d{0,5})([a-z])$/.exec(given.question.trim().toLowerCase());
    if (found === null) {
      throw new ArgumentError(
        `grade: a question must be a number and a letter, such as 2b, got "${given.question}"`,
      );
    }
    const { topic, level, seed, student } = given;
    const number = Number(found[1]);
    const place = JSON.stringify([seed, student ?? "", topic, level, number]);
    const key = { topic, level, seed, number, ...(student === undefined ? {} : { student }) };
    const exercise = made.get(place) ?? makeExercise(key);
    made.set(place, exercise);
    const question = exercise.questions.find(({ id }) => id === found[0]);
    if (question === undefined) {
      const last = exercise.questions.at(-1)?.id ?? "";
      throw new ArgumentError(
        `grade: exercise ${number} has questions ${number}a to ${last}, got "${given.question}"`,
      );
    }
    return mark(exercise, question, given);
  });
}

function mark(exercise: Exercise, question: Question, given: GivenAnswer): MarkedAnswer {
  const marked = (
    verdict: MarkedAnswer["mark"],
    mistakes: readonly NamedMistake[] = [],
  ): MarkedAnswer => ({ ...given, mark: verdict, expected: question.answer, mistakes });
  if (given.answer.trim() === "") return marked("missing");
  const { program, problem } = exercise;
  try {
    const { value } = readAnswer(program, given.answer);
    if (typeof value !== "number" && question.kind === "derivative") {
      const { correct, misconceptions } = diagnoseAnswer(program, asked(question), value);
      return correct ? marked("right") : marked("wrong", misconceptions.map(named));
    }
    const number =
      typeof value === "number" ? value : evaluate(value, problem.values, { extra: "allow" });
    if (typeof number !== "number") return marked("unreadable");
    if (Math.abs(number - question.answer) <= question.tolerance) return marked("right");
    return marked("wrong", mistakesOf(exercise, question, number));
  } catch (error) {
    // Names of its own are as unreadable as a misplaced bracket.
    if (error instanceof ParseError || error instanceof ArgumentError) return marked("unreadable");
    throw error;
  }
}

function asked({ of, by }: Question): { of: string; by: string } {
  return { of, by: by as string };
}

function named({ name, sentence }: NamedMistake): NamedMistake {
  return { name, sentence };
}

/** Numbers are given with three digits; a mistake is recognised by them. */
const ROUNDED = 0.005;
const EXACT = 1e-6;

function mistakesOf(
  { program, problem }: Exercise,
  question: Question,
  number: number,
): readonly NamedMistake[] {
  const { kind, of, by, answer } = question;
  const { rate, values } = problem;
  const short = question.tolerance <= EXACT * Math.max(1, Math.abs(answer));
  const tolerance = short ? EXACT : ROUNDED;
  if (kind === "value") return valueMistakes(program, of, values, number, tolerance);
  const step = kind === "update" ? (rate as number) : undefined;
  const before = values[by as string] as number;
  // A wrong weight comes of a wrong derivative, (old − new) / η.
  const slope = step === undefined ? number : (before - number) / step;
  if (step !== undefined && number === before) {
    return [{ name: "not updated", sentence: `This is ${by} before the step.` }];
  }
  const { misconceptions } = diagnoseAnswer(program, asked(question), slope, {
    at: values,
    tolerance,
    ...(rate === undefined ? {} : { rate }),
  });
  return misconceptions.map(named);
}
