import { ChainruleError, Program } from "@chainrule/core";
import { derivation, derivationLatex, toTikz } from "@chainrule/render";
import { UsageError } from "../usageError.ts";
import { modelOf, type PaperModel, paperModels, valuesOf } from "./paperModels.ts";
import type { Mark, Paper } from "./readPaper.ts";

/** Words behind a figure or derivation that are no values of variables. */
const settings: ReadonlySet<string> = new Set([
  "of",
  "wrt",
  "width",
  "digits",
  "detail",
  "direction",
  "update",
]);

/**
 * The text of a paper with what stands between its marks of figures and derivations made anew; all else stays as it is.
 *
 * Weaving what was woven changes nothing. Throws UsageError with path and line.
 */
export async function weavePaper(paper: Paper): Promise<string> {
  const models = await paperModels(paper);
  const newline = /\r\n?|\n/.exec(paper.text)?.[0] ?? "\n";
  let out = "";
  let at = 0;
  let count = 0;
  for (const mark of paper.marks) {
    if (mark.kind !== "figure" && mark.kind !== "derivation") continue;
    count++;
    const made = woven(paper, mark, modelOf(paper, mark, models));
    out += paper.text.slice(at, mark.from) + made.trimEnd().split("\n").join(newline) + newline;
    at = mark.to;
  }
  if (count === 0) {
    throw new UsageError(
      `${paper.path}: there must be a mark "% chainrule: figure" or "derivation", got none`,
    );
  }
  return out + paper.text.slice(at);
}

function woven(paper: Paper, mark: Mark, model: PaperModel): string {
  const where = `${paper.path}:${mark.line}`;
  const known = Object.keys(model.program.variables);
  const values = { ...model.values, ...valuesOf(paper, mark, settings, known) };
  const program = about(where, model.program, mark.options["of"]);
  const numbers = Object.keys(values).length > 0 ? { values } : {};
  const { width, direction } = mark.options;
  const digits = whole(where, "digits", mark.options["digits"], 17);
  try {
    if (mark.kind === "figure") {
      if (direction !== undefined && direction !== "LR" && direction !== "TB") {
        throw new UsageError(`${where}: direction must be LR or TB, got "${direction}"`);
      }
      return toTikz(program, {
        standalone: false,
        ...numbers,
        ...(width === undefined ? {} : { width }),
        ...(digits === undefined ? {} : { digits }),
        ...(direction === undefined ? {} : { direction }),
      });
    }
    const detail = whole(where, "detail", mark.options["detail"], 3);
    const rate = mark.options["update"];
    if (rate !== undefined && (rate === "" || !Number.isFinite(Number(rate)))) {
      throw new UsageError(`${where}: update must be a number, got "${rate}"`);
    }
    const work = derivation(program, Object.keys(values).length > 0 ? values : undefined, {
      ...(mark.options["wrt"] === undefined ? {} : { wrt: mark.options["wrt"].split(",") }),
      ...(digits === undefined ? {} : { digits }),
      ...(detail === undefined ? {} : { detail: detail as 1 | 2 | 3 }),
      ...(rate === undefined ? {} : { update: Number(rate) }),
    });
    return derivationLatex(work, { standalone: false });
  } catch (error) {
    if (!(error instanceof ChainruleError)) throw error;
    throw new UsageError(`${where}: ${error.message}`);
  }
}

/** The program about one of its definitions. */
function about(where: string, program: Program, name: string | undefined): Program {
  if (name === undefined) return program;
  const result = program.definitions[name];
  if (result === undefined) {
    const names = Object.keys(program.definitions).join(", ");
    throw new UsageError(`${where}: of must be a definition (${names}), got "${name}"`);
  }
  const { variables, definitions, names, values } = program;
  return new Program({ variables, definitions, result, names, values });
}

function whole(
  where: string,
  name: string,
  text: string | undefined,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new UsageError(`${where}: ${name} must be a whole number from 1 to ${most}, got "${text}"`);
}
