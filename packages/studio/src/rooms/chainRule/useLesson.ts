import { useEffect, useRef, useState } from "preact/hooks";
import type { Detail } from "./chainRuleState.ts";
import { type Lesson, lessonOf } from "./lesson.ts";
import type { Reading } from "./readText.ts";

/** What is known of an expression at the moment. */
export interface CurrentLesson {
  /** The newest that could be worked out. */
  readonly lesson: Lesson | undefined;
  readonly problem: string | undefined;
}

/** Lessons that are worked out this fast, in milliseconds, follow every move of a slider at once. */
const AT_ONCE = 20;
/** A slower one waits until nobody has typed for so long, so that typing is never held up. */
const REST = 60;

/** The lesson of a reading; while a slow one is worked out, the one before stays in sight. */
export function useLesson(
  reading: Reading | undefined,
  values: Readonly<Record<string, number>>,
  detail: Detail,
): CurrentLesson {
  const [current, setCurrent] = useState<CurrentLesson>({ lesson: undefined, problem: undefined });
  const took = useRef(0);
  const key = JSON.stringify(values);
  useEffect(() => {
    if (reading === undefined) return;
    const work = (): void => {
      const start = performance.now();
      const read = lessonOf(reading, values, detail);
      took.current = performance.now() - start;
      setCurrent((before) =>
        "lesson" in read
          ? { lesson: read.lesson, problem: undefined }
          : { lesson: before.lesson, problem: read.problem },
      );
    };
    const timer = setTimeout(work, took.current <= AT_ONCE ? 0 : REST);
    return () => clearTimeout(timer);
  }, [reading, key, detail]);
  return current;
}
