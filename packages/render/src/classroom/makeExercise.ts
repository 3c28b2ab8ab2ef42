import { ArgumentError, backprop, type Expr, type Program } from "@chainrule/core";
import { parse } from "@chainrule/core/parse";
import { roundNumber } from "../number/roundNumber.ts";
import { activationProblems } from "./activationProblems.ts";
import { chainProblems } from "./chainProblems.ts";
import { Draws } from "./draws.ts";
import {
  type ExerciseLevel,
  type ExerciseTopic,
  exerciseLevels,
  exerciseTopics,
  type Levels,
  type Problem,
} from "./exercise.ts";
import { graphProblems } from "./graphProblems.ts";
import { networkProblems } from "./networkProblems.ts";

/** Which exercise: the same answers to these give the same exercise for ever. */
export interface ExerciseKey {
  readonly topic: ExerciseTopic;
  readonly level: ExerciseLevel;
  readonly seed: string;
  /** Whose; the whole class gets the same numbers where it is not given. */
  readonly student?: string;
  /** From 1; the first ones stay as they are when more are made. */
  readonly number: number;
}

/** One thing that is asked for. */
export interface Question {
  /** `2b`: the second exercise, its second question. */
  readonly id: string;
  readonly kind: "value" | "derivative" | "update";
  /** The definition, or the output that is differentiated. */
  readonly of: string;
  /** The variable of a derivative or an update. */
  readonly by: string | undefined;
  readonly answer: number;
  /** An answer may be off by this much: a hundredth of it, or nothing to speak of if it is short. */
  readonly tolerance: number;
}

/** An exercise with its answers. */
export interface Exercise extends ExerciseKey {
  readonly problem: Problem;
  readonly program: Program;
  /** The name of the output. */
  readonly output: string;
  readonly questions: readonly Question[];
}

const topics: Readonly<Record<ExerciseTopic, Levels>> = {
  chain: chainProblems,
  graph: graphProblems,
  network: networkProblems,
  activation: activationProblems,
};

/** Draws until the numbers are friendly, at most so often. */
const MOST_ATTEMPTS = 200;

/** What one multiplies without a calculator. */
const LARGEST = 1000;

/**
 * An exercise with friendly numbers, its questions and their answers.
 *
 * Throws ArgumentError for a topic or level there is not.
 */
export function makeExercise(key: ExerciseKey): Exercise {
  checkKey(key);
  const { topic, level, seed, student = "", number } = key;
  const draws = new Draws(JSON.stringify([seed, student, topic, level, number]));
  const generate = topics[topic][level];
  let exercise = complete(key, generate(draws));
  for (let i = 0; i < MOST_ATTEMPTS && !isFriendly(exercise); i++) {
    exercise = complete(key, generate(draws));
  }
  return exercise;
}

function checkKey({ topic, level, number }: ExerciseKey): void {
  if (!exerciseTopics.includes(topic)) {
    throw new ArgumentError(
      `exercise: the topic must be one of ${exerciseTopics.join(", ")}, got "${topic}"`,
    );
  }
  if (!exerciseLevels.includes(level)) {
    throw new ArgumentError(`exercise: the level must be a whole number from 1 to 5, got ${level}`);
  }
  if (!Number.isInteger(number) || number < 1) {
    throw new ArgumentError(`exercise: the number must be a whole number ≥ 1, got ${number}`);
  }
}

/** No answer is beyond mental arithmetic, and something is to be found: only relu may give all 0. */
function isFriendly({ questions, topic }: Exercise): boolean {
  const slopes = questions.filter(({ kind }) => kind === "derivative");
  return (
    questions.every(({ answer }) => Number.isFinite(answer) && Math.abs(answer) <= LARGEST) &&
    (topic === "activation" || slopes.some(({ answer }) => answer !== 0))
  );
}

function complete(key: ExerciseKey, problem: Problem): Exercise {
  const program: Program = parse(problem.text);
  const trace = backprop(program, problem.values);
  const output = Object.keys(program.definitions).at(-1) as string;
  const questions: Question[] = [];
  const ask = (kind: Question["kind"], of: string, by: string | undefined, value: number): void => {
    const id = `${key.number}${letter(questions.length)}`;
    // No "-0", which nobody answers.
    const answer = value + 0;
    const before = kind === "update" ? (problem.values[by as string] as number) : 0;
    questions.push({ id, kind, of, by, answer, tolerance: toleranceOf(answer, before) });
  };
  const worth = (node: Expr | undefined): number =>
    (node === undefined ? Number.NaN : trace.at(node)?.value) as number;
  const slope = (name: string): number =>
    trace.at(program.variables[name] as Expr)?.adjoint as number;
  for (const name of problem.forward) {
    ask("value", name, undefined, worth(program.definitions[name]));
  }
  for (const name of problem.by) ask("derivative", output, name, slope(name));
  for (const name of problem.updated ?? []) {
    const before = problem.values[name] as number;
    ask("update", output, name, before - (problem.rate as number) * slope(name));
  }
  return { ...key, problem, program, output, questions };
}

/** a, b … z; no exercise asks more. */
function letter(index: number): string {
  return String.fromCharCode(97 + index);
}

/** Numbers with at most so many significant digits are expected as they are. */
const SHORT = 4;

/** Of others three digits do, and a little is lost in rounding on the way. */
const RELATIVE = 0.01;

/** What arithmetic of double precision may leave on a short number. */
const EXACT = 1e-6;

/** New weights are asked for with five decimals: the step is what is to be found, not the weight. */
const LAST_DECIMAL = 1e-5;

function toleranceOf(answer: number, before: number): number {
  const short = roundNumber(answer, { digits: SHORT }).whole;
  if (short) return EXACT * Math.max(1, Math.abs(answer));
  const size = RELATIVE * Math.abs(answer - before);
  return before === 0 ? size : Math.max(size, LAST_DECIMAL);
}

/** Exercises 1 to `count`. Throws as `makeExercise` does. */
export function makeExercises(
  key: Omit<ExerciseKey, "number">,
  count: number,
): readonly Exercise[] {
  if (!Number.isInteger(count) || count < 1 || count > MOST_EXERCISES) {
    throw new ArgumentError(
      `exercise: the count must be a whole number from 1 to ${MOST_EXERCISES}, got ${count}`,
    );
  }
  return Array.from({ length: count }, (_, i) => makeExercise({ ...key, number: i + 1 }));
}

/** A sheet of more is a mistake in typing. */
const MOST_EXERCISES = 500;
