import { edgeKey, type GraphMarks } from "../../graph/marks.ts";
import type { Lesson } from "./lesson.ts";
import type { LitEdge } from "./lit.ts";
import type { PathTable } from "./pathTable.ts";
import type { Question } from "./quiz/questions.ts";

/** What the drawing shows at a position of the walk, with what is pointed at. */
export function walkMarks(
  lesson: Lesson,
  position: number,
  lit: LitEdge | undefined,
  paths: PathTable | undefined,
): GraphMarks {
  const { steps } = lesson;
  const current = new Set<string>();
  const walked = new Set<string>();
  const step = steps[position];
  const whole = position === steps.length - 1;
  // At the end everything is in sight, and the eye goes where it likes.
  if (step !== undefined && !whole) {
    if (step.kind === "inputs") for (const { name } of lesson.walk.inputs) current.add(name);
    else current.add(step.quantity.name);
    if (step.kind === "forward") {
      for (const source of sourcesOf(lesson, step.quantity.name)) {
        walked.add(edgeKey(source, step.quantity.name));
      }
    }
    if (step.kind === "backward") {
      for (const { user } of step.terms) walked.add(edgeKey(step.quantity.name, user.name));
    }
  }
  if (lit !== undefined) {
    current.add(lit.by).add(lit.of);
    walked.add(edgeKey(lit.by, lit.of));
  }
  return {
    ...(whole ? {} : inSight(lesson, position)),
    current,
    walked,
    paths: paths?.rows.map(({ factors }) => new Set(factors.map(({ of, by }) => edgeKey(by, of)))),
  };
}

/** What the drawing shows while a derivative is asked for: all that comes before its answer. */
export function quizMarks(
  lesson: Lesson,
  question: Question,
  lit: LitEdge | undefined,
): GraphMarks {
  const { of, by, kind, position } = question;
  const asked = kind === "partial" ? [edgeKey(by, of)] : [];
  return {
    ...walkMarks(lesson, position, lit, undefined),
    ...inSight(lesson, position - 1),
    current: new Set([by, ...(kind === "partial" ? [of] : [])]),
    hidden: new Set(asked),
  };
}

/** Names whose values and adjoints are known at a position. */
function inSight(
  { program, steps }: Lesson,
  position: number,
): Pick<GraphMarks, "values" | "adjoints"> {
  const values = new Set([...program.names.values(), ...Object.keys(program.variables)]);
  const adjoints = new Set<string>();
  steps.forEach((step, i) => {
    if (step.kind === "forward" && i > position) values.delete(step.quantity.name);
    if (step.kind === "backward" && i <= position) adjoints.add(step.quantity.name);
  });
  return { values, adjoints };
}

function sourcesOf({ worked }: Lesson, name: string): readonly string[] {
  const step = worked.steps.find((one) => one.name === name);
  return step?.sources.map((source) => source.name) ?? [];
}
