import { ChainruleError } from "@chainrule/core";
import { ParseError } from "@chainrule/core/parse";
import { checkAnswer } from "@chainrule/render/classroom";
import type { Lesson } from "../lesson.ts";
import type { Question } from "./questions.ts";

/** What the page says of an answer. */
export type Verdict =
  /** It is none yet. */
  | { readonly kind: "unreadable"; readonly message: string }
  | { readonly kind: "right"; readonly expected: string }
  /** The mistakes it may come of, the likeliest first; none where nothing is recognised. */
  | { readonly kind: "wrong"; readonly mistakes: readonly Mistake[] };

/** A mistake by its name, and the sentence that names the factor. */
export interface Mistake {
  readonly name: string;
  readonly sentence: string;
}

/** Letters of an answer. */
export const LONGEST_ANSWER = 500;

/** Mistakes that are told for one answer; more would not be read. */
const MOST_TOLD = 2;

/** Whether an answer is right, by core's equivalence, or which factor is wrong, by core's diagnosis. */
export function judge(lesson: Lesson, { of, by }: Question, answer: string): Verdict {
  const text = answer.trim();
  if (text === "") return { kind: "unreadable", message: "type an expression or a number" };
  if (text.length > LONGEST_ANSWER) {
    return { kind: "unreadable", message: `an answer has at most ${LONGEST_ANSWER} letters` };
  }
  if (asks(text, of, by)) {
    return { kind: "unreadable", message: "that is the question itself: name what it is made of" };
  }
  try {
    const claim = { of, by, answer: text };
    const { correct, expected, mistakes } = checkAnswer(lesson.program, claim, {
      at: lesson.values,
    });
    if (correct) return { kind: "right", expected };
    return { kind: "wrong", mistakes: mistakes.slice(0, MOST_TOLD) };
  } catch (error) {
    if (error instanceof ParseError) return { kind: "unreadable", message: error.reason };
    if (error instanceof ChainruleError) return { kind: "unreadable", message: error.message };
    throw error;
  }
}

/** Whether the answer names the derivative that is asked for. */
function asks(text: string, of: string, by: string): boolean {
  const [y, x] = [of, by].map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(
    `(?:∂|(?<![\\p{L}\\p{N}_])d)${y}\\s*/\\s*(?:∂|d)${x}(?![\\p{L}\\p{N}_])`,
    "u",
  ).test(text);
}
