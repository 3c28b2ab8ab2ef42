import {
  ArgumentError,
  type Bindable,
  type Bindings,
  constant,
  type Expr,
  evaluate,
  isInput,
  leavesOf,
  nameOf,
  type Program,
  Tensor,
  toText,
} from "@chainrule/core";
import { diagnoseAnswer } from "@chainrule/core/rewrite";
import { faultyFactor } from "./faultyFactor.ts";
import { readAnswer } from "./readAnswer.ts";
import { wrongFactors } from "./wrongFactors.ts";

/** A statement `dL/db = 2c` in its parts. */
export interface Claim {
  readonly of: string;
  readonly by: string;
  readonly answer: string;
}

/** A mistake by its name, and what it says of a factor or path. */
export interface NamedMistake {
  readonly name: string;
  readonly sentence: string;
}

/** What is to be said of a claim. */
export interface CheckedAnswer {
  readonly correct: boolean;
  /** The right derivative, for reading. */
  readonly expected: string;
  /** How formulas were compared, or `value` for a number. */
  readonly method: string;
  /** What may be wrong, the likeliest first; none where nothing is recognised. */
  readonly mistakes: readonly NamedMistake[];
}

/** Options of `checkAnswer`. */
export interface CheckAnswerOptions {
  /** The point a number was computed at; the program's own values count too. */
  readonly at?: Readonly<Record<string, Bindable>>;
  /** Learning rate, to recognise weights that were updated too early. */
  readonly rate?: number;
}

const NAME = "[\\p{L}_][\\p{L}\\p{N}_']*";
const RATIO = new RegExp(
  `^\\s*(?:∂|d)\\s*\\(?\\s*(${NAME})\\s*\\)?\\s*/\\s*(?:∂|d)\\s*\\(?\\s*(${NAME})\\s*\\)?\\s*=(.+)$`,
  "su",
);
const DOTTED = new RegExp(`^\\s*(${NAME})\\.(${NAME})\\s*=(.+)$`, "su");

/**
 * Reads `dL/db = 2c`, `∂L/∂b = 2c` or `L.b = 2c`.
 *
 * Throws ArgumentError where it is none of these.
 */
export function readClaim(text: string): Claim {
  const [, of, by, answer] = RATIO.exec(text) ?? DOTTED.exec(text) ?? [];
  if (of === undefined || by === undefined || answer === undefined) {
    throw new ArgumentError(
      `readClaim: an answer must be written as dL/db = 2c or L.b = 2c, got "${text}"`,
    );
  }
  return { of, by, answer: answer.trim() };
}

/**
 * Whether a derivative is right, as a formula or as a number at a point, and where not, which factor
 * of which path is wrong.
 *
 * Throws ArgumentError for names the program lacks, or a number without the values it needs.
 */
export function checkAnswer(
  program: Program,
  { of, by, answer }: Claim,
  { at = {}, rate }: CheckAnswerOptions = {},
): CheckedAnswer {
  const { value, tolerance } = readAnswer(program, answer);
  const point: Bindings = { ...program.values, ...at };
  const y = outputOf(program, of);
  const shared = { at: point, tolerance, ...(rate === undefined ? {} : { rate }) };
  const numeric = typeof value === "number" && Object.keys(point).length > 0;
  const { correct, expected, equivalence, misconceptions } = numeric
    ? diagnoseAnswer(program, { of: y, by }, value, shared)
    : diagnoseAnswer(
        program,
        { of: y, by },
        typeof value === "number" ? constant(value) : value,
        rate === undefined ? {} : { rate },
      );
  const named = misconceptions.map(({ name, sentence }) => ({ name, sentence }));
  const node = { ...program.definitions, ...program.variables }[by] as Expr;
  if (typeof value !== "number" && sameElements(expected, value, point, tolerance)) {
    return { correct: true, expected: readable(program, expected), method: "value", mistakes: [] };
  }
  const factors = correct ? [] : wrongFactors(program, y, node, answer, point);
  return {
    correct,
    expected: readable(program, expected),
    method: equivalence?.by ?? "value",
    mistakes:
      correct || named.length + factors.length > 0 || typeof value === "number"
        ? [...factors, ...named]
        : faultyFactor(program, expected, value),
  };
}

function readable({ names }: Program, expr: Expr): string {
  return toText(expr, { names, style: "reading" });
}

/** Whether an answer is a list of the derivative's elements at a point. */
function sameElements(expected: Expr, answer: Expr, point: Bindings, tolerance: number): boolean {
  const known = new Set(Object.keys(point));
  const open = leavesOf([expected]).some((leaf) => isInput(leaf) && !known.has(nameOf(leaf) ?? ""));
  if (open || leavesOf([answer]).some(isInput) || expected.shape.join() !== answer.shape.join()) {
    return false;
  }
  const [right, given] = evaluate([expected, answer], point, { extra: "allow" });
  if (!(right instanceof Tensor && given instanceof Tensor)) return false;
  return right.data.every((element, i) => {
    const other = given.data[i] as number;
    return Math.abs(element - other) <= tolerance * Math.max(Math.abs(element), Math.abs(other));
  });
}

/** The definition of a name. */
function outputOf(program: Program, name: string): Expr {
  const found = program.definitions[name];
  if (found !== undefined) return found;
  // An expression without a name may have any.
  if (Object.keys(program.definitions).length === 0 && !(name in program.variables)) {
    return program.result;
  }
  throw new ArgumentError(
    `checkAnswer: the output must be a definition (${Object.keys(program.definitions).join(", ") || "there is none"}), got "${name}"`,
  );
}
