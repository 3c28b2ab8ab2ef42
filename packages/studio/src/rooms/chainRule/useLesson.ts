import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Detail } from "./chainRuleState.ts";
import { type Lesson, lessonOf } from "./lesson.ts";
import type { Reading } from "./readText.ts";

/** What is known of an expression at the moment. */
export interface CurrentLesson {
  /** The newest that could be worked out. */
  readonly lesson: Lesson | undefined;
  readonly problem: string | undefined;
  /** Whether it is of the reading and the numbers that are shown, not of those before. */
  readonly current: boolean;
}

/** Nodes of a graph that is worked out together with its formulas: some milliseconds. */
const AT_ONCE = 60;
/** Nodes of a graph that is worked out after its formulas are in sight, at once: typing is held up by tens of milliseconds. */
const SOON = 400;
/** A larger one waits, in milliseconds, until nobody has typed for so long. */
const REST = 60;

/** The lesson of a reading; while a large one is worked out, the one before stays in sight. */
export function useLesson(
  reading: Reading | undefined,
  values: Readonly<Record<string, number>>,
  detail: Detail,
): CurrentLesson {
  const key = JSON.stringify(values);
  // What is asked for, as an object of its own: answers are known by it.
  const asked = useMemo(() => ({ reading, values, detail }), [reading, key, detail]);
  const newest = useRef<Answer>({ of: undefined, lesson: undefined, problem: undefined });
  const answer = ({ lesson }: Answer): Answer => {
    if (reading === undefined) return newest.current;
    const read = lessonOf(reading, values, detail);
    return "lesson" in read
      ? { of: asked, lesson: read.lesson, problem: undefined }
      : { of: asked, lesson, problem: read.problem };
  };
  const small = reading !== undefined && reading.size <= AT_ONCE;
  if (small && newest.current.of !== asked) newest.current = answer(newest.current);
  const [, drawAgain] = useState(0);
  const typed = useRef(reading);
  useEffect(() => {
    const same = typed.current === reading;
    typed.current = reading;
    if (reading === undefined || small) return;
    const rest = same || reading.size <= SOON ? 0 : REST;
    const timer = setTimeout(() => {
      newest.current = answer(newest.current);
      drawAgain((count) => count + 1);
    }, rest);
    return () => clearTimeout(timer);
  }, [asked, small]);
  const { of, lesson, problem } = newest.current;
  return { lesson, problem, current: of === asked };
}

interface Answer {
  readonly of: object | undefined;
  readonly lesson: Lesson | undefined;
  readonly problem: string | undefined;
}
