import { edgeKey, type GraphMarks } from "../../graph/marks.ts";
import type { Lesson } from "./lesson.ts";
import type { LitEdge } from "./lit.ts";
import type { PathTable } from "./pathTable.ts";
import type { Question } from "./quiz/questions.ts";

/** What the drawing shows at a position of the walk, with what is pointed at. */
export function walkMarks(
  lesson: Lesson,
  position: number,
  lit: readonly LitEdge[],
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
  for (const { of, by } of lit) {
    current.add(by).add(of);
    walked.add(edgeKey(by, of));
  }
  return {
    ...(whole ? {} : inSight(lesson, position)),
    current,
    walked,
    paths: paths?.rows.map(({ factors }) => new Set(factors.map(({ of, by }) => edgeKey(by, of)))),
  };
}

/**
 * What the drawing shows while a derivative is asked for: all that comes before its answer, and
 * nothing of what is still to be asked beside the arrows.
 */
export function quizMarks(lesson: Lesson, question: Question, lit: readonly LitEdge[]): GraphMarks {
  const { of, by, kind, position } = question;
  const current = new Set(kind === "partial" ? [by, of] : [by]);
  for (const arrow of lit) current.add(arrow.by).add(arrow.of);
  const hidden = new Set<string>();
  for (const step of lesson.steps.slice(position)) {
    if (step.kind !== "backward") continue;
    for (const { user } of step.terms) hidden.add(edgeKey(step.quantity.name, user.name));
  }
  const walked = kind === "partial" ? [edgeKey(by, of)] : [];
  return { ...inSight(lesson, position - 1), current, walked: new Set(walked), hidden };
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
