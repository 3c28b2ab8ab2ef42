import type { Bindings } from "../bind.ts";
import { isInput, nameOf } from "../bind.ts";
import { checkScalar, checkWrt } from "../differentiate/reverse.ts";
import { type Equivalence, type EquivalentOptions, equivalent, isClose } from "../equivalent.ts";
import { ArgumentError, describe } from "../errors.ts";
import { evaluate } from "../evaluate.ts";
import { Expr } from "../expr.ts";
import type { Program } from "../program.ts";
import { simplify } from "../rewrite/simplify.ts";
import { samplePoints, seededRandom } from "../samplePoints.ts";
import { sameShape } from "../shape.ts";
import type { Value } from "../tensor.ts";
import { leavesOf, substitute } from "../traverse.ts";
import { type Derivation, derivationOf, derivativeText, nodeText } from "./derivation.ts";
import { type Misconception, misconceptionsOf } from "./misconceptions.ts";
import type { MistakeOptions } from "./mistake.ts";

/** Which derivative is asked for: of the program's result, if no other output is named. */
export interface AskedPartial {
  /** The output, by name or node. */
  readonly of?: string | Expr;
  /** The variable or intermediate node, by name or node. */
  readonly by: string | Expr;
}

/** Options of `diagnoseAnswer`. */
export interface DiagnoseOptions extends EquivalentOptions, MistakeOptions {
  /** The point a number was computed at; the program's own values by default. */
  readonly at?: Bindings;
}

/** What is to be said of an answer. */
export interface Diagnosis {
  readonly correct: boolean;
  /** The derivative asked for, simplified. */
  readonly expected: Expr;
  /** How an expression was compared. */
  readonly equivalence?: Equivalence;
  /** The mistakes that lead to this answer; the first is the most likely. None where none is known. */
  readonly misconceptions: readonly Misconception[];
}

/** Numbers are given with few digits: so many times their size may they be off. */
const NUMBER_TOLERANCE = 1e-6;

/** Mistakes that are named for one answer, at most. */
const MOST_NAMED = 5;

/**
 * Whether an answer is the derivative `∂y/∂x` of a program, or which mistake it comes of: a path left
 * out, a sign, a factor forgotten, σ′ taken at the output, and others, each with the factor or path.
 *
 * The answer is an expression in the names of the program, or a number at a point.
 * Throws ArgumentError for a name that the program does not have.
 */
export function diagnoseAnswer(
  program: Program,
  partial: AskedPartial,
  answer: Expr | number,
  options: DiagnoseOptions = {},
): Diagnosis {
  const y = partial.of === undefined ? program.result : named(program, partial.of);
  const x = named(program, partial.by);
  checkScalar("diagnoseAnswer", y);
  checkWrt("diagnoseAnswer", [x]);
  const derivation = derivationOf(program, y, x);
  const expected = simplify(derivation.gradient);
  if (typeof answer === "number") {
    return { expected, ...diagnoseNumber(derivation, answer, options) };
  }
  if (!(answer instanceof Expr)) {
    throw new ArgumentError(
      `diagnoseAnswer: an answer must be an expression or a number, got ${describe(answer)}`,
    );
  }
  return { expected, ...diagnoseExpression(derivation, inProgram(program, answer), options) };
}

function named(program: Program, node: string | Expr): Expr {
  if (node instanceof Expr) return node;
  const known = { ...program.variables, ...program.definitions };
  const found = Object.hasOwn(known, node) ? known[node] : undefined;
  if (found === undefined) {
    throw new ArgumentError(
      `diagnoseAnswer: a name must belong to the program (${Object.keys(known).join(", ")}), got "${node}"`,
    );
  }
  return found;
}

/** The answer with the names of definitions standing for what they are. */
function inProgram(program: Program, answer: Expr): Expr {
  const known: Readonly<Record<string, Expr>> = { ...program.definitions, ...program.variables };
  const by = new Map<Expr, Expr>();
  for (const leaf of leavesOf([answer])) {
    const name = isInput(leaf) ? nameOf(leaf) : undefined;
    const meant = name !== undefined && Object.hasOwn(known, name) ? known[name] : undefined;
    if (meant !== undefined && meant !== leaf) by.set(leaf, meant);
  }
  return by.size === 0 ? answer : (substitute([answer], by)[0] as Expr);
}

type Verdict = Omit<Diagnosis, "expected">;

function diagnoseExpression(
  derivation: Derivation,
  answer: Expr,
  options: DiagnoseOptions,
): Verdict {
  const { random = seededRandom(1), points = 8, tolerance = 1e-9, domain } = options;
  const equivalence = equivalent(derivation.gradient, answer, { ...options, random });
  if (equivalence.equivalent) return { correct: true, equivalence, misconceptions: [] };
  const candidates = misconceptionsOf(derivation, options).filter(({ derivative }) =>
    sameShape(derivative.shape, answer.shape),
  );
  const wrong = candidates.map(({ derivative }) => derivative);
  const samples = samplePoints([derivation.gradient, answer], points, random, domain, wrong);
  const found = samples.map(({ point, values }) => {
    const worth: readonly Value[] = evaluate(wrong, point, { extra: "allow" });
    return worth.map((value) => isClose(value, values[1] as Value, tolerance));
  });
  const matching = candidates.filter((_, i) => found.length > 0 && found.every((at) => at[i]));
  return { correct: false, equivalence, misconceptions: explained(derivation, matching, answer) };
}

function diagnoseNumber(
  derivation: Derivation,
  answer: number,
  { at, tolerance = NUMBER_TOLERANCE, ...options }: DiagnoseOptions,
): Verdict {
  const { gradient, program } = derivation;
  if (gradient.shape.length > 0) {
    throw new ArgumentError("diagnoseAnswer: a number answers for scalars only, got a tensor");
  }
  const candidates = misconceptionsOf(derivation, options).filter(
    ({ derivative }) => derivative.shape.length === 0,
  );
  const exprs = [gradient, ...candidates.map(({ derivative }) => derivative)];
  const [right, ...values] = evaluate(exprs, at ?? program.values, { extra: "allow" }) as number[];
  const close = (value: number): boolean =>
    Math.abs(value - answer) <= tolerance * Math.max(Math.abs(value), Math.abs(answer));
  if (close(right as number)) return { correct: true, misconceptions: [] };
  const matching = candidates.filter((_, i) => close(values[i] as number));
  return { correct: false, misconceptions: explained(derivation, matching, undefined) };
}

/** The first mistake of each name; where there is no path, that alone. */
function explained(
  derivation: Derivation,
  matching: readonly Misconception[],
  answer: Expr | undefined,
): readonly Misconception[] {
  const { gradient, y, x } = derivation;
  if (!derivation.reached) {
    const sentence = `No path leads from ${nodeText(derivation, x)} to ${nodeText(derivation, y)}, so ${derivativeText(derivation, y, x)} = 0.`;
    return [{ name: "no path", sentence, derivative: answer ?? gradient }];
  }
  const names = new Set<string>();
  return matching
    .filter(({ name }) => !names.has(name) && names.add(name).size > 0)
    .slice(0, MOST_NAMED);
}
