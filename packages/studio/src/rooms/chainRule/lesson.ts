import { ChainruleError, type Expr, Program } from "@chainrule/core";
import {
  derivation,
  nameLatex,
  type ScalarDerivation,
  type Walk,
  type WalkStep,
  walkOf,
} from "@chainrule/render";
import type { Detail } from "./chainRuleState.ts";
import type { Reading } from "./readText.ts";

/** One position of the walk: all inputs at the beginning, then a step at a time. */
export type LessonStep = { readonly kind: "inputs" } | WalkStep;

/** Everything the room shows of an expression at a point. */
export interface Lesson {
  /** The graph with a name for every step. */
  readonly program: Program;
  readonly values: Readonly<Record<string, number>>;
  readonly worked: ScalarDerivation;
  readonly walk: Walk;
  /** From the inputs to the last derivative. */
  readonly steps: readonly LessonStep[];
  /** The name of a node as LaTeX. */
  latexOf(node: Expr | undefined): string;
  /** `∂of/∂by` as LaTeX. */
  ratioLatex(of: Expr, by: Expr): string;
  /** Names of the inputs that the result depends on, to differentiate by. */
  readonly inputs: readonly string[];
}

/** A lesson, or the sentence that says why there is none. */
export type ReadLesson = { readonly lesson: Lesson } | { readonly problem: string };

/** Works out an expression at a point, step by step; never throws. */
export function lessonOf(
  reading: Reading,
  values: Readonly<Record<string, number>>,
  detail: Detail,
): ReadLesson {
  try {
    const worked = derivation(reading.program, values, {
      mostPaths: 0,
      detail: detail === "operations" ? 3 : 2,
      // As the drawing and the quiz write them.
      notation: "partial",
    });
    if (worked.kind !== "scalar") {
      return {
        problem: "this room shows graphs of numbers; an operation here has several results",
      };
    }
    const walk = walkOf(worked);
    const program = namedOnce(reading, detail, worked);
    const latexOf = (node: Expr | undefined): string =>
      nameLatex((node && program.nameOf(node)) ?? "y");
    return {
      lesson: {
        program,
        latexOf,
        ratioLatex: (of, by) => `\\frac{\\partial ${latexOf(of)}}{\\partial ${latexOf(by)}}`,
        values,
        worked,
        walk,
        steps: [{ kind: "inputs" }, ...walk.forward, ...walk.backward],
        inputs: worked.derivatives.map(({ by }) => by.name),
      },
    };
  } catch (error) {
    if (error instanceof ChainruleError) return { problem: error.message };
    throw error;
  }
}

const known = new WeakMap<Reading, Map<Detail, Program>>();

/** The same program whatever the numbers are: its drawing keeps its places. */
function namedOnce(reading: Reading, detail: Detail, worked: ScalarDerivation): Program {
  const own = known.get(reading) ?? new Map<Detail, Program>();
  known.set(reading, own);
  const program = own.get(detail) ?? named(reading.program, worked);
  own.set(detail, program);
  return program;
}

/** The program with a name for each step, so that drawings, paths and answers speak of the same. */
function named(program: Program, { steps }: ScalarDerivation): Program {
  const definitions: Record<string, Expr> = Object.create(null);
  for (const { name, node } of steps) definitions[name] = node;
  for (const [name, node] of Object.entries(program.definitions)) definitions[name] ??= node;
  return new Program({
    variables: program.variables,
    definitions,
    result: program.result,
    names: new Map(steps.map(({ name, node }) => [node, name])),
  });
}

/** The position in the walk: the last one where none is chosen or the walk has become shorter. */
export function positionOf(lesson: Lesson, step: number | undefined): number {
  const last = lesson.steps.length - 1;
  return step === undefined ? last : Math.min(step, last);
}

/** The variable to differentiate by: the one chosen, if the result depends on it, else the first. */
export function chosenInput({ inputs }: Lesson, wrt: string): string | undefined {
  return inputs.includes(wrt) ? wrt : inputs[0];
}

/** Where the first value is lost: `y is no real number where v1 = −2`; undefined where all are finite. */
export function lostOf({ worked }: Lesson): string | undefined {
  const lost = worked.steps.find(({ value }) => !Number.isFinite(value.value));
  if (lost === undefined) return undefined;
  const what = Number.isNaN(lost.value.value) ? "no real number" : "infinite";
  const given = lost.sources.map(({ name, value }) => `${name} = ${value.text}`);
  const place = given.length === 0 ? "" : ` where ${given.join(", ").replaceAll("-", "−")}`;
  return `${lost.name} is ${what}${place}.`;
}
