import { ChainruleError, constant, type Expr, grad, Program } from "@chainrule/core";
import { ParseError } from "@chainrule/core/parse";
import type { Gradient, LatexStatement, Ratio, ReadText } from "@chainrule/interop/latex";
import { readAnswer } from "@chainrule/render/classroom";
import { elementsOf } from "./elements.ts";
import { type PaperModel, readMarked } from "./paperModels.ts";
import type { Mark, Paper } from "./readPaper.ts";

/** What is differentiated, and by what; of higher order, by what before. */
export type Derivative = Pick<Ratio, "of" | "by" | "before">;

/** A derivative that a paper claims. */
export interface Claimed {
  readonly derivative: Derivative;
  /** The definition of `program` that is differentiated once: of higher order, a derivative itself. */
  readonly output: string;
  /** The point behind a bar, or in the brackets of `f'(1)`. */
  readonly at: Readonly<Record<string, number>> | undefined;
  /** As the paper has it. */
  readonly latex: string;
  readonly answer: string;
  /** The model, with what the lines before define. */
  readonly program: Program;
  /** Where it begins in the paper. */
  readonly start: number;
  /** Where in the paper what a message is about stands. */
  readonly placeOf: (error: ChainruleError) => number;
}

/**
 * The derivatives that a mark claims. Lines between may define other names, `\delta = …`, for those that follow.
 *
 * Throws UsageError with path, line and column.
 */
export async function readClaims(
  paper: Paper,
  mark: Mark,
  model: PaperModel,
): Promise<readonly Claimed[]> {
  let program = model.withFunctions;
  const whole = program;
  const known = { ...whole.variables, ...whole.definitions };
  const { latex, statements, sourceOf, at } = await readMarked(paper, [mark], {
    functions: model.functions,
    parameters: model.parameters,
    derivative: (of, by) => (of in known && by in known ? `∂${of}/∂${by}` : undefined),
  });
  return at(() => {
    const out: Claimed[] = [];
    const claims = (
      { of, by, before }: Derivative,
      { start, at: point }: LatexStatement,
      answers: readonly ReadText[],
    ): void => {
      const derivative = { of, by, ...(before === undefined ? {} : { before }) };
      const inner = withInner(latex, program, derivative, start);
      for (const { text, latex: shown, placeOf } of answers) {
        out.push({
          ...{ derivative, ...inner, at: point, latex: shown, answer: plain(text) },
          // What stands on the next line is claimed there.
          start: sourceOf(Math.max(start, lineStart(latex, placeOf(0)))),
          placeOf: (error) => sourceOf(placeIn(error, text, placeOf) ?? start),
        });
      }
    };
    for (const statement of statements) {
      const { left, right, at: point } = statement;
      if (typeof left === "object" && "gradient" in left) {
        const by = model.parameters.get(left.gradient)?.split(", ");
        for (const [i, each] of gradientAnswers(latex, left, by, right).entries()) {
          claims({ of: left.gradient, by: by?.[i] as string }, statement, each);
        }
        continue;
      }
      const ratio = typeof left === "string" ? subscript(whole, left) : left;
      if (ratio !== undefined) {
        claims(ratio, statement, right);
        continue;
      }
      if (typeof left !== "string" || left in known || left.includes("(") || point !== undefined) {
        throw noClaim(latex, statement);
      }
      // δ = ∂L/∂z = … names a derivative, and claims it.
      const [, of, by] = /^\(∂([^/]+)\/∂([^)]+)\)$/.exec(right[0]?.text ?? "") ?? [];
      if (of !== undefined && by !== undefined) claims({ of, by }, statement, right.slice(1));
      else if (right.length > 1) throw noClaim(latex, statement);
      program = withDefinition(latex, program, left, right[0] as ReadText);
    }
    if (out.length > 0) return out;
    const [first] = statements;
    if (first !== undefined) throw noClaim(latex, first);
    throw new ParseError(latex, Math.max(0, latex.search(/\S/)), `${mustBe}, got none`);
  });
}

const mustBe = "a claim must be a derivative, \\frac{\\partial L}{\\partial b} = …";

function noClaim(latex: string, { left, right, start }: LatexStatement): ParseError {
  const got = left === undefined ? right[0]?.latex : `${left} = …`;
  return new ParseError(latex, start, `${mustBe}, got "${got ?? ""}"`);
}

/** What `\nabla f = (…)` claims of each derivative, in the order of what f takes. */
function gradientAnswers(
  latex: string,
  { gradient, start }: Gradient,
  by: readonly string[] | undefined,
  right: readonly ReadText[],
): readonly (readonly ReadText[])[] {
  if (by === undefined) {
    const must = `a gradient must be of a function of the model, ${gradient}(x, y) = …`;
    throw new ParseError(latex, start, `${must}, got "\\nabla ${gradient}"`);
  }
  const answers = right.map(({ text, placeOf }) => {
    const elements = elementsOf(text);
    if (elements.length !== by.length) {
      const must = `the gradient of ${gradient}(${by.join(", ")}) must have ${by.length} elements`;
      throw new ParseError(latex, placeOf(0), `${must}, got ${elements.length}`);
    }
    return elements.map((element) => ({
      text: element.text,
      latex: bare(element.text),
      placeOf: (offset: number) => placeOf(element.start + offset),
    }));
  });
  return by.map((_, i) => answers.map((each) => each[i] as ReadText));
}

/** Without brackets around the whole. */
function bare(text: string): string {
  const [only, more] = elementsOf(text);
  return only === undefined || more !== undefined ? text : only.text;
}

/** `L_b` as a derivative, where it is no name of the model. */
function subscript(
  { variables, definitions }: Program,
  left: string,
): { readonly of: string; readonly by: string } | undefined {
  if (left in variables || left in definitions) return undefined;
  const parts = left.split("_");
  for (let i = 1; i < parts.length; i++) {
    const [of, by] = [parts.slice(0, i).join("_"), parts.slice(i).join("_")];
    if (of in definitions && (by in variables || by in definitions)) return { of, by };
  }
  return undefined;
}

/** A program in which a derivative of higher order is one of a definition: ∂²L/∂a∂b is ∂L_b/∂a. */
function withInner(
  latex: string,
  program: Program,
  { of, before = [] }: Derivative,
  start: number,
): Pick<Claimed, "program" | "output"> {
  if (before.length === 0) return { program, output: of };
  const known = { ...program.variables, ...program.definitions };
  const stranger = [of, ...before].find((name) => !Object.hasOwn(known, name));
  if (stranger !== undefined) {
    throw new ParseError(latex, start, `a name must belong to the program, got "${stranger}"`);
  }
  let inner = known[of] as Expr;
  try {
    for (const by of before) inner = grad(inner, known[by] as Expr);
  } catch (error) {
    if (!(error instanceof ChainruleError)) throw error;
    throw new ParseError(latex, start, reasonOf(error));
  }
  let output = `${of}_${before.join("")}`;
  while (Object.hasOwn(known, output)) output += "'";
  return { program: withNode(program, output, inner), output };
}

function withNode({ variables, definitions, result, values }: Program, name: string, node: Expr) {
  return new Program({ variables, definitions: { ...definitions, [name]: node }, result, values });
}

function withDefinition(
  latex: string,
  program: Program,
  name: string,
  { text, placeOf }: ReadText,
): Program {
  try {
    const { value } = readAnswer(program, text);
    return withNode(program, name, typeof value === "number" ? constant(value) : value);
  } catch (error) {
    if (!(error instanceof ChainruleError)) throw error;
    throw new ParseError(latex, placeIn(error, text, placeOf) ?? placeOf(0), reasonOf(error));
  }
}

/** A message without the function that found it, and without a place of its own. */
export function reasonOf(error: ChainruleError): string {
  return error instanceof ParseError ? error.reason : error.message.replace(/^\w+: /, "");
}

/** The place of what a message is about: a place, or a name that it tells. */
function placeIn(
  error: ChainruleError,
  text: string,
  placeOf: (offset: number) => number,
): number | undefined {
  if (error instanceof ParseError) return placeOf(error.offset);
  const name = /got "([^"]+)"$/.exec(error.message)?.[1];
  if (name === undefined || !/^[\p{L}\p{N}_']+$/u.test(name)) return undefined;
  const word = new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_'])`, "u").exec(text);
  return word === null ? undefined : placeOf(word.index);
}

/** Where the line of a place begins to be written on. */
function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !/[\r\n]/.test(text[start - 1] as string)) start--;
  while (start < offset && /\s/.test(text[start] as string)) start++;
  return start;
}

/** A number without the brackets that a formula has around it. */
function plain(text: string): string {
  const inner = /^\((-?[\d.]+(?:e-?\d+)?)\)$/i.exec(text.trim());
  return inner?.[1] ?? text;
}
