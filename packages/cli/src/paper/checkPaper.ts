import {
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
import { parse } from "@chainrule/core/parse";
import { equivalent } from "@chainrule/core/rewrite";
import { readLatex } from "@chainrule/interop/latex";
import { type CheckedAnswer, checkAnswer } from "@chainrule/render/classroom";
import { UsageError } from "../usageError.ts";
import { atPlaces, modelOf, type PaperModel, paperModels, valuesOf } from "./paperModels.ts";
import { lineAt, only, type Paper } from "./readPaper.ts";

/** A point at which a claim is wrong. */
export interface Counterexample {
  readonly at: Readonly<Record<string, number>>;
  readonly claimed: number;
  readonly derivative: number;
}

/** What is to be said of one claim of a paper. */
export interface PaperClaim extends CheckedAnswer {
  readonly line: number;
  readonly of: string;
  readonly by: string;
  /** As the paper has it. */
  readonly latex: string;
  readonly answer: string;
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
    const { program } = model;
    const given = valuesOf(paper, mark, new Set(), Object.keys(program.variables));
    const at = { ...model.values, ...given };
    const known = { ...program.variables, ...program.definitions };
    const statements = await atPlaces(paper, () =>
      readLatex(only(paper.text, [mark]), {
        functions: model.functions,
        derivative: (of, by) => (of in known && by in known ? `∂${of}/∂${by}` : undefined),
      }),
    );
    let claims = 0;
    for (const { left, right, start } of statements) {
      if (typeof left !== "object") continue;
      const { of, by } = left;
      for (const { text, latex, placeOf } of right) {
        claims++;
        // What stands on the next line is claimed there.
        const line = Math.max(lineAt(paper.text, start), lineAt(paper.text, placeOf(0)));
        const where = `${paper.path}:${line}`;
        out.push(checkClaim(where, line, model, { of, by, latex, answer: plain(text) }, at));
      }
    }
    if (claims === 0) {
      throw new UsageError(
        `${paper.path}:${mark.line}: a claim must be a derivative, \\frac{\\partial L}{\\partial b} = …, got none`,
      );
    }
  }
  if (out.length === 0) {
    throw new UsageError(`${paper.path}: there must be a mark "% chainrule: claim", got none`);
  }
  return out;
}

interface Claimed {
  readonly of: string;
  readonly by: string;
  readonly latex: string;
  readonly answer: string;
}

function checkClaim(
  where: string,
  line: number,
  { program }: PaperModel,
  claimed: Claimed,
  at: Readonly<Record<string, number>>,
): PaperClaim {
  try {
    const number = Number(claimed.answer);
    const isNumber = Number.isFinite(number) && Object.keys(at).length > 0;
    const checked = checkAnswer(program, claimed, isNumber ? { at } : {});
    const counterexample =
      checked.correct || isNumber ? undefined : counterexampleOf(program, claimed);
    const differences = differencesOf(program, claimed);
    return {
      line,
      ...claimed,
      ...checked,
      ...(differences === undefined ? {} : { differences }),
      ...(counterexample === undefined ? {} : { counterexample }),
    };
  } catch (error) {
    if (!(error instanceof ChainruleError)) throw error;
    throw new UsageError(`${where}: ${error.message}`);
  }
}

/** The derivative beside differences of values, which know nothing of rules. */
function differencesOf(program: Program, { of, by }: Claimed): number | undefined {
  const y = program.definitions[of];
  const x = program.variables[by];
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

function counterexampleOf(
  program: Program,
  { of, by, answer }: Claimed,
): Counterexample | undefined {
  const known: Readonly<Record<string, Expr>> = { ...program.definitions, ...program.variables };
  const [y, x] = [known[of], known[by]];
  // Derivatives inside of an answer have no numbers of their own here.
  if (y === undefined || x === undefined || answer.includes("∂")) return undefined;
  const { result } = parse(answer, { variables: known });
  const { counterexample } = equivalent(grad(y, x), result);
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

/** A number without the brackets that a formula has around it. */
function plain(text: string): string {
  const inner = /^\((-?[\d.]+(?:e-?\d+)?)\)$/i.exec(text.trim());
  return inner?.[1] ?? text;
}
