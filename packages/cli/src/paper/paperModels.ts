import { type Expr, Program } from "@chainrule/core";
import { ParseError } from "@chainrule/core/parse";
import {
  type LatexStatement,
  programOf,
  type ReadOptions,
  readLatex,
} from "@chainrule/interop/latex";
import { UsageError } from "../usageError.ts";
import { refuseUnused } from "../values.ts";
import { expandMacros } from "./macros.ts";
import { problemAt } from "./problemAt.ts";
import { excerpt, type Mark, type Paper } from "./readPaper.ts";

/** A model of a paper, with the values that its marks give. */
export interface PaperModel {
  readonly program: Program;
  /** With what functions of its own give, f(x) as `f`: their derivatives are claimed too. */
  readonly withFunctions: Program;
  readonly functions: readonly string[];
  /** Of definitions such as `f(x) = …`: what f is called with. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly values: Readonly<Record<string, number>>;
}

/** Words that are no values of variables. */
const settings: ReadonlySet<string> = new Set(["functions"]);

/** The models of a paper; the formulas of all marks of one name are one model. */
export async function paperModels(paper: Paper): Promise<ReadonlyMap<string, PaperModel>> {
  const groups = new Map<string, Mark[]>();
  for (const mark of paper.marks) {
    if (mark.kind !== "model") continue;
    groups.set(mark.model, [...(groups.get(mark.model) ?? []), mark]);
  }
  const out = new Map<string, PaperModel>();
  for (const [name, marks] of groups) {
    const functions = marks.flatMap(({ options }) => options["functions"]?.split(",") ?? []);
    const { latex, statements, at } = await readMarked(paper, marks, { functions });
    const program = at(() => programOf(latex, statements, { functions }));
    const known = Object.keys(program.variables);
    let values: Record<string, number> = {};
    for (const mark of marks) values = { ...values, ...valuesOf(paper, mark, settings, known) };
    const parameters = parametersOf(statements);
    const withFunctions = at(() => functionsAdded(latex, statements, functions, program));
    out.set(name, {
      ...{ program: withNumbers(program), withFunctions: withNumbers(withFunctions) },
      ...{ functions, parameters, values },
    });
  }
  return out;
}

/** The model that a mark belongs to. */
export function modelOf(
  paper: Paper,
  mark: Mark,
  models: ReadonlyMap<string, PaperModel>,
): PaperModel {
  const found = models.get(mark.model);
  if (found !== undefined) return found;
  const names = [...models.keys()].map((name) => name || "the one without a name").join(", ");
  throw new UsageError(
    `${paper.path}:${mark.line}: there must be a model ${mark.model || "before it"}, got ${names || "none"}`,
  );
}

/** Numbers among the words behind a mark. Throws UsageError for names the model lacks. */
export function valuesOf(
  paper: Paper,
  { options, line }: Mark,
  others: ReadonlySet<string>,
  known: readonly string[],
): Record<string, number> {
  const out: Record<string, number> = {};
  for (const [name, text] of Object.entries(options)) {
    if (others.has(name)) continue;
    const value = Number(text);
    const where = `${paper.path}:${line}`;
    if (text === "" || !Number.isFinite(value)) {
      throw new UsageError(`${where}: the value of ${name} must be a number, got "${text}"`);
    }
    try {
      refuseUnused({ [name]: value }, known);
    } catch (error) {
      throw error instanceof UsageError ? new UsageError(`${where}: ${error.message}`) : error;
    }
    out[name] = value;
  }
  return out;
}

/** The formulas of some marks. */
export interface MarkedFormulas {
  /** With the macros of the paper written out. */
  readonly latex: string;
  readonly statements: readonly LatexStatement[];
  /** The place in the paper of a place in `latex`. */
  readonly sourceOf: (offset: number) => number;
  /** Messages with the place in the paper for those with one in `latex`. */
  readonly at: <T>(read: () => T) => T;
}

/** Reads the formulas of some marks. Throws UsageError with path, line and column. */
export async function readMarked(
  paper: Paper,
  marks: readonly Mark[],
  options: ReadOptions,
): Promise<MarkedFormulas> {
  const problem = (error: unknown, placeOf: (offset: number) => number): unknown =>
    error instanceof ParseError
      ? problemAt(paper.path, paper.text, placeOf(error.offset), error.reason, error)
      : error;
  const marked = excerpt(paper.text, marks);
  let { sourceOf } = marked;
  try {
    const expanded = expandMacros(marked.text, paper.macros);
    sourceOf = (offset) => marked.sourceOf(expanded.sourceOf(offset));
    const statements = await readLatex(expanded.text, options);
    const at = <T>(read: () => T): T => {
      try {
        return read();
      } catch (error) {
        throw problem(error, sourceOf);
      }
    };
    return { latex: expanded.text, statements, sourceOf, at };
  } catch (error) {
    throw problem(error, sourceOf);
  }
}

function parametersOf(statements: readonly LatexStatement[]): ReadonlyMap<string, string> {
  const called = statements.flatMap(({ left }) => calledAs(left) ?? []);
  return new Map(called.map(({ name, inside }) => [name, inside]));
}

/** `f(x)` in its parts. */
function calledAs(
  left: LatexStatement["left"],
): { readonly name: string; readonly inside: string } | undefined {
  const [, name, inside] = typeof left === "string" ? (/^([^(]*)\((.*)\)$/.exec(left) ?? []) : [];
  return name === undefined || inside === undefined ? undefined : { name, inside };
}

/** Before other definitions `f(x) = …` is a function alone; at the end of a text it is a node too. */
function functionsAdded(
  latex: string,
  statements: readonly LatexStatement[],
  functions: readonly string[],
  program: Program,
): Program {
  let { variables, definitions } = program;
  for (const [i, { left }] of statements.entries()) {
    const name = calledAs(left)?.name;
    if (name === undefined || Object.hasOwn(definitions, name)) continue;
    const own = programOf(latex, statements.slice(0, i + 1), { functions });
    variables = { ...own.variables, ...variables };
    definitions = { ...definitions, [name]: own.result };
  }
  const { result, values } = program;
  return new Program({ variables, definitions, result, values });
}

/** A result without a name can be claimed about by any; it is called y. */
function withNumbers(program: Program): Program {
  if (Object.keys(program.definitions).length > 0) return program;
  const definitions: Readonly<Record<string, Expr>> = { y: program.result };
  return new Program({ variables: program.variables, definitions, values: program.values });
}
