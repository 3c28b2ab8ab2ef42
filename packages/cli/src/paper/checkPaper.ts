import {
  ArgumentError,
  ChainruleError,
  checkGradients,
  type Expr,
  evaluate,
  grad,
  isInput,
  leavesOf,
  nameOf,
  type Program,
} from "@chainrule/core";
import { equivalent } from "@chainrule/core/rewrite";
import { type CheckedAnswer, checkAnswer, readAnswer } from "@chainrule/render/classroom";
import { UsageError } from "../usageError.ts";
import { modelOf, paperModels, valuesOf } from "./paperModels.ts";
import { placeAt, problemAt } from "./problemAt.ts";
import { type Claimed, type Derivative, readClaims, reasonOf } from "./readClaims.ts";
import type { Paper } from "./readPaper.ts";

/** A point at which a claim is wrong. */
export interface Counterexample {
  readonly at: Readonly<Record<string, number>>;
  readonly claimed: number;
  readonly derivative: number;
}

/** What is to be said of one claim of a paper. */
export interface PaperClaim extends CheckedAnswer, Derivative {
  /** Counted from 1, as columns are. */
  readonly line: number;
  readonly column: number;
  /** As the paper has it. */
  readonly latex: string;
  readonly answer: string;
  /** The point behind a bar, or in the brackets of `f'(1)`. */
  readonly at?: Readonly<Record<string, number>>;
  /** Greatest relative distance of the derivative from differences of values, where any could be taken. */
  readonly differences?: number;
  readonly counterexample?: Counterexample;
}

/** Points that differences are taken at. */
const starts = [0.3, 0.9, 1.7];

/**
 * Every derivative that the marked formulas of a paper claim, with whether it is right.
 *
 * Throws UsageError with path and line for what cannot be read.
 */
export async function checkPaper(paper: Paper): Promise<readonly PaperClaim[]> {
  const models = await paperModels(paper);
  const out: PaperClaim[] = [];
  for (const mark of paper.marks) {
    if (mark.kind !== "claim") continue;
    const model = modelOf(paper, mark, models);
    const given = valuesOf(paper, mark, new Set(), Object.keys(model.withFunctions.variables));
    const at = { ...model.values, ...given };
    for (const claimed of await readClaims(paper, mark, model)) {
      out.push(checkClaim(paper, claimed, at));
    }
  }
  if (out.length === 0) {
    throw new UsageError(`${paper.path}: there must be a mark "% chainrule: claim", got none`);
  }
  return out;
}

function checkClaim(
  { path, text }: Paper,
  claimed: Claimed,
  values: Readonly<Record<string, number>>,
): PaperClaim {
  const { program, derivative, output, latex, answer } = claimed;
  const { by } = derivative;
  try {
    const at = { ...values, ...claimed.at };
    refusePoint(claimed);
    const { value } = readAnswer(program, answer);
    const isNumber = typeof value === "number" && Object.keys(at).length > 0;
    const checked = checkAnswer(program, { of: output, by, answer }, isNumber ? { at } : {});
    const counterexample = checked.correct
      ? undefined
      : isNumber
        ? valueAt(claimed, at, value)
        : counterexampleOf(claimed);
    const differences = differencesOf(claimed);
    return {
      ...placeAt(text, claimed.start),
      ...{ ...derivative, latex, answer },
      ...(claimed.at === undefined ? {} : { at: claimed.at }),
      ...checked,
      ...(differences === undefined ? {} : { differences }),
      ...(counterexample === undefined ? {} : { counterexample }),
    };
  } catch (error) {
    if (!(error instanceof ChainruleError)) throw error;
    throw problemAt(path, text, claimed.placeOf(error), reasonOf(error), error);
  }
}

/** Throws ArgumentError for a point of other names, and for a formula that is claimed at one. */
function refusePoint({ program, at, answer }: Claimed): void {
  if (at === undefined) return;
  const known = Object.keys(program.variables);
  const stranger = Object.keys(at).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new ArgumentError(
      `a value must belong to a variable (${known.join(", ")}), got "${stranger}"`,
    );
  }
  if (typeof readAnswer(program, answer).value !== "number") {
    throw new ArgumentError(`a derivative at a point must be claimed as a number, got "${answer}"`);
  }
}

/** The derivative beside differences of values, which know nothing of rules. */
function differencesOf({ program, output, derivative }: Claimed): number | undefined {
  const y = program.definitions[output];
  const x = program.variables[derivative.by];
  if (y === undefined || x === undefined) return undefined;
  const leaves = leavesOf([y]).filter(isInput);
  if (!leaves.includes(x) || leaves.some(({ shape }) => shape.length > 0)) return undefined;
  let worst: number | undefined;
  for (const start of starts) {
    const point = new Map(leaves.map((leaf, i) => [leaf, start + 0.37 * (i % 5)]));
    if (!Number.isFinite(evaluate([y], point)[0])) continue;
    const { worst: found } = checkGradients(y, point, { wrt: [x] });
    const error = found === undefined ? 0 : found.error;
    worst = Math.max(worst ?? 0, error);
  }
  return worst;
}

/** A number that is claimed beside the derivative at the paper's own point. */
function valueAt(
  { program, output, derivative: { by } }: Claimed,
  at: Readonly<Record<string, number>>,
  claimed: number,
): Counterexample | undefined {
  const [y, x] = [program.definitions[output], nodeOf(program, by)];
  if (y === undefined || x === undefined) return undefined;
  const point = { ...program.values, ...at };
  const derivative = evaluate(grad(y, x), point, { extra: "allow" });
  if (typeof derivative !== "number") return undefined;
  const numbers = Object.entries(point).filter(([, value]) => typeof value === "number");
  return {
    at: Object.fromEntries(numbers) as Record<string, number>,
    claimed,
    derivative,
  };
}

function nodeOf({ variables, definitions }: Program, name: string): Expr | undefined {
  return definitions[name] ?? variables[name];
}

/** A point where a claimed formula differs from the derivative. */
function counterexampleOf({
  program,
  output,
  derivative: { by },
  answer,
}: Claimed): Counterexample | undefined {
  const [y, x] = [nodeOf(program, output), nodeOf(program, by)];
  if (y === undefined || x === undefined) return undefined;
  const { value } = readAnswer(program, answer);
  const { counterexample } = equivalent(grad(y, x), value);
  const [derivative, claimed] = counterexample?.values ?? [];
  if (
    counterexample === undefined ||
    typeof derivative !== "number" ||
    typeof claimed !== "number"
  ) {
    return undefined;
  }
  const at = Object.fromEntries(
    [...counterexample.point].map(([leaf, value]) => [nameOf(leaf) ?? "", Number(value)]),
  );
  return { at, claimed, derivative };
}
