import { type Expr, isFloat, leavesOf, Program } from "@chainrule/core";
import { nearest, parse } from "@chainrule/core/parse";
import {
  type Derivation,
  derivation,
  derivationMarkdown,
  derivationText,
  nameLatex,
  toLatex,
} from "@chainrule/render";
import { toBeamer } from "@chainrule/render/classroom";
import { type Derivatives, differentiate } from "./derivatives.ts";
import { writeWhole } from "./files.ts";
import { formulas } from "./formulas.ts";
import type { Output } from "./output.ts";
import { pictureOf, pngOf } from "./pictures.ts";
import { report } from "./report.ts";
import type { GradOptions, Request } from "./request.ts";
import { toResultJSON } from "./resultJson.ts";
import { UsageError } from "./usageError.ts";
import {
  listVariables,
  refuseUnfit,
  type Values,
  valuesFromFile,
  valuesFromWords,
} from "./values.ts";

/** The lecture's example, for a call without any text. */
const EXAMPLE = { text: "L = c(a + 2b)", values: ["a=3", "b=1", "c=-2"] };

/** The command `chainrule [grad] TEXT …`. */
export async function grad(
  source: string | undefined,
  words: readonly string[],
  options: GradOptions,
  output: Output,
): Promise<void> {
  const example = source === undefined;
  const text = source ?? EXAMPLE.text;
  const request = prepare(text, example ? EXAMPLE.values : words, options, output.color);
  const printed = await print(request);
  for (const warning of request.program.warnings) output.error(`chainrule: ${warning}\n`);
  if (options.output !== undefined) writeWhole(options.output, printed);
  else if (typeof printed === "string") output.out(printed);
  if (example) output.out(INVITATION);
}

const INVITATION = `
This is the lecture's example. Give any expression, and values for its variables:
  npm start -- "E = 1/2 (t - sigmoid(w x + b))^2" t=1 w=0.5 x=2 b=0 --update 0.6
  npm start -- "softplus(x)^2 / x"                    formulas only
  npm start -- --help                                 everything else
`;

function prepare(
  text: string,
  words: readonly string[],
  options: GradOptions,
  color: boolean,
): Request {
  if (text.trim() === "") throw new UsageError("the text must hold an expression, got none");
  const said: Values = {
    ...(options.values === undefined ? {} : valuesFromFile(options.values)),
    ...valuesFromWords(words),
  };
  const program: Program = parse(text, {
    variables: listVariables(text, said),
    functions: options.functions ?? [],
  });
  const output = pickOutput(program, options.of);
  const given: Values = { ...program.values, ...said };
  refuseUnfit(given, program, output);
  const used = new Set(leavesOf([output]));
  const needed = Object.entries(program.variables).filter(([, node]) => used.has(node));
  const values = Object.keys(given).length === 0 && needed.length > 0 ? undefined : given;
  const wrt = pickVariables(program, inOrderOf(given, needed), options.wrt);
  const name = options.of ?? nameResult(program);
  return { text, program, name, output, wrt, values, options, color };
}

/** An expression without a name is called f, or y, or result: the first that is free. */
function nameResult({ definitions, variables, result }: Program): string {
  for (const [name, node] of Object.entries(definitions)) if (node === result) return name;
  return ["f", "y", "result"].find((name) => !(name in variables)) ?? "result_";
}

function pickOutput({ definitions, result }: Program, name: string | undefined): Expr {
  if (name === undefined) return result;
  const output = definitions[name];
  if (output !== undefined) return output;
  const near = nearest(name, Object.keys(definitions));
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  const known = Object.keys(definitions).join(", ") || "there is none";
  throw new UsageError(`--of: the name must be a definition (${known}), got "${name}"${hint}`);
}

/** Variables in the order their values were given; those without a value after them. */
function inOrderOf(
  given: Values,
  needed: readonly (readonly [string, Expr])[],
): readonly (readonly [string, Expr])[] {
  const places = new Map(Object.keys(given).map((name, i) => [name, i]));
  const place = ([name]: readonly [string, Expr]): number => places.get(name) ?? places.size;
  return [...needed].sort((a, b) => place(a) - place(b));
}

function pickVariables(
  { variables, definitions }: Program,
  needed: readonly (readonly [string, Expr])[],
  names: readonly string[] | undefined,
): Record<string, Expr> {
  if (names === undefined) {
    return Object.fromEntries(needed.filter(([, node]) => isFloat(node.dtype)));
  }
  const known = { ...definitions, ...variables };
  return Object.fromEntries(
    names.map((name) => {
      const node = known[name];
      if (node !== undefined) return [name, node];
      const near = nearest(name, Object.keys(known));
      const hint = near === undefined ? "" : `; did you mean ${near}?`;
      throw new UsageError(
        `--wrt: names must be variables (${Object.keys(known).join(", ") || "there is none"}), got "${name}"${hint}`,
      );
    }),
  );
}

function print(request: Request): string | Promise<Uint8Array> {
  const { format, output } = request.options;
  switch (format) {
    case "table":
      return report(request, differentiate(request));
    case "json":
      return `${JSON.stringify(toResultJSON(request, differentiate(request)), null, 2)}\n`;
    case "text":
      return formulas(request, differentiate(request));
    case "latex":
      return latexOf(request, differentiate(request));
    case "dot":
    case "svg":
    case "tikz":
    case "mermaid":
    case "html":
      return pictureOf(request, format);
    case "png":
      if (output === undefined) {
        throw new UsageError("--format png: a file must be named with -o, got none");
      }
      return pngOf(request);
    case "derivation":
      return derivationText(worked(request));
    case "markdown":
      return derivationMarkdown(worked(request));
    case "beamer":
      return toBeamer(traced(request), request.values, {
        ...(request.options.digits === undefined ? {} : { digits: request.options.digits }),
      });
  }
}

/** The program about the output that was asked for. */
function traced({ program, output }: Request): Program {
  const { variables, definitions, names } = program;
  return new Program({ variables, definitions, names, result: output });
}

/** The worked solution, with the digits and the rounding asked for. */
function worked(request: Request): Derivation {
  const { wrt, values, options } = request;
  const { digits, decimals, detail, rounding, carry, update } = options;
  const asked = decimals === undefined ? digits : { fixed: decimals };
  return derivation(traced(request), values, {
    wrt: Object.values(wrt),
    ...(asked === undefined ? {} : { digits: asked }),
    ...(detail === undefined ? {} : { detail }),
    ...(rounding === undefined ? {} : { rounding }),
    ...(carry === undefined ? {} : { carry }),
    ...(update === undefined ? {} : { update }),
  });
}

/** One line a formula, for an `aligned` block. */
function latexOf({ program, name, output }: Request, { gradients }: Derivatives): string {
  const { names, definitions } = program;
  const lines = Object.values(definitions).map((node) => {
    const body = toLatex(node, { names: without(names, node) });
    return `${toLatex(node, { names })} &= ${body}`;
  });
  if (lines.length === 0) lines.push(`${nameLatex(name)} &= ${toLatex(output, { names })}`);
  for (const { y, x, order, formula, single } of gradients) {
    const d = single ? "d" : "\\partial";
    const power = order === 1 ? "" : `^{${order}}`;
    const below =
      x.length === 1
        ? `${d} ${nameLatex(x[0] as string)}${power}`
        : x.map((one) => `${d} ${nameLatex(one)}`).join(" ");
    lines.push(`\\frac{${d}${power} ${nameLatex(y)}}{${below}} &= ${toLatex(formula, { names })}`);
  }
  return `\\begin{aligned}\n${lines.join(" \\\\\n")}\n\\end{aligned}\n`;
}

function without(names: ReadonlyMap<Expr, string>, node: Expr): ReadonlyMap<Expr, string> {
  const out = new Map(names);
  out.delete(node);
  return out;
}
