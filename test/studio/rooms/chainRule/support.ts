import type { Detail } from "../../../../packages/studio/src/rooms/chainRule/chainRuleState.ts";
import { inputValues } from "../../../../packages/studio/src/rooms/chainRule/inputValues.ts";
import { type Lesson, lessonOf } from "../../../../packages/studio/src/rooms/chainRule/lesson.ts";
import {
  type Reading,
  readText,
} from "../../../../packages/studio/src/rooms/chainRule/readText.ts";

/** The reading of a text that is right. */
export function reading(text: string): Reading {
  const read = readText(text);
  if ("problem" in read) throw new Error(read.problem.message);
  return read.reading;
}

/** The lesson of a text at a point. */
export function lesson(
  text: string,
  values: Readonly<Record<string, number>> = {},
  detail: Detail = "names",
): Lesson {
  const own = reading(text);
  const read = lessonOf(own, inputValues(own, values), detail);
  if ("problem" in read) throw new Error(read.problem);
  return read.lesson;
}
