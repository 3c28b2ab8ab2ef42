import { ParseError } from "@chainrule/core/parse";
import { type Reader, reader } from "./engine.ts";
import type { Piece } from "./heads.ts";
import { headOf, operandsOf, symbolOf } from "./mathJson.ts";
import { mathText, type TextContext } from "./mathText.ts";
import { protectNames, type Ratio, variableName } from "./protectNames.ts";
import { readName } from "./readName.ts";
import { type Range, splitStatements } from "./splitStatements.ts";

/** A formula as text, which knows where its parts stand in the LaTeX. */
export interface ReadText {
  readonly text: string;
  /** What it was read from. */
  readonly latex: string;
  /** The place in the LaTeX of a place in `text`. */
  readonly placeOf: (offset: number) => number;
}

/** One formula of a LaTeX text. */
export interface LatexStatement {
  /** What is defined (`L`, `f(x)`), or the derivative that is claimed; nothing before an expression alone. */
  readonly left?: string | Ratio;
  /** What stands right of each sign of equality. */
  readonly right: readonly ReadText[];
  /** Where the statement begins. */
  readonly start: number;
}

/** Options of `readLatex`. */
export interface ReadOptions {
  /** Names of functions without a body, or known from elsewhere. */
  readonly functions?: readonly string[];
  /** The parameters of definitions, `f` → `x`: `f(x)` is then what f names, and no product. */
  readonly parameters?: ReadonlyMap<string, string>;
  /** A derivative inside of a formula as text; none may stand there by default. */
  readonly derivative?: (of: string, by: string) => string | undefined;
}

/**
 * The formulas of a LaTeX text in the syntax of texts.
 *
 * Throws ParseError with the place in the LaTeX, ArgumentError if the package that reads LaTeX is not installed.
 */
export async function readLatex(
  latex: string,
  options: ReadOptions = {},
): Promise<readonly LatexStatement[]> {
  return readWith(await reader(), latex, options);
}

function readWith(read: Reader, latex: string, options: ReadOptions): readonly LatexStatement[] {
  const { clean, statements } = splitStatements(latex);
  const functions = new Set(options.functions ?? []);
  for (const [first, second] of statements) {
    if (first === undefined || second === undefined) continue;
    const name = readName(clean.slice(0, first.to), first.from);
    const isCalled = name && /^\s*(?:\\left\s*)?\([^=]*\)$/.test(clean.slice(name.end, first.to));
    if (isCalled === true) functions.add(name.name);
  }
  const context: TextContext = {
    source: latex,
    functions,
    parameters: options.parameters ?? new Map(),
    derivative: ({ of, by, start }) => {
      const text = options.derivative?.(of, by);
      if (text !== undefined) return text;
      throw new ParseError(
        latex,
        start,
        `a derivative must stand left of "=", as a claim, got ∂${of}/∂${by} inside of a formula`,
      );
    },
  };
  const textOf = (range: Range): ReadText => {
    const names = protectNames(clean, range.from, range.to);
    const json = read(names.latex);
    if (json === null) throw new ParseError(latex, range.from, "a formula must not be empty");
    const from = clean.slice(range.from, range.to).trim().replace(/\s+/g, " ");
    return { ...flattened(mathText(json, names, context), range.from), latex: from };
  };
  return statements.map((ranges) => {
    const [first, ...rest] = ranges;
    const start = first?.from ?? 0;
    if (first === undefined || rest.length === 0) return { right: ranges.map(textOf), start };
    return { left: readLeft(read, latex, clean, first), right: rest.map(textOf), start };
  });
}

/** What a formula defines or claims. */
function readLeft(read: Reader, latex: string, clean: string, range: Range): string | Ratio {
  const names = protectNames(clean, range.from, range.to);
  const json = read(names.latex) ?? 0;
  const item = names.symbols.get(symbolOf(json) ?? "");
  if (item !== undefined) return "by" in item ? item : variableName(item.name);
  const [head, behind] = headOf(json) === "InvisibleOperator" ? operandsOf(json) : [];
  const called = names.symbols.get(symbolOf(head ?? 0) ?? "");
  const bracket = behind === undefined || headOf(behind) !== "Delimiter" ? undefined : behind;
  const [inner] = bracket === undefined ? [] : operandsOf(bracket);
  if (called !== undefined && !("by" in called) && inner !== undefined) {
    const parameters = (headOf(inner) === "Sequence" ? operandsOf(inner) : [inner]).map((one) => {
      const found = names.symbols.get(symbolOf(one) ?? "");
      return found === undefined || "by" in found ? undefined : found.name;
    });
    if (parameters.every((one) => one !== undefined)) {
      const { name, start, end } = called;
      const [by] = parameters;
      // f'(x) = … claims a derivative, f(x) = … defines a function.
      if (
        name.endsWith("'") &&
        !name.endsWith("''") &&
        by !== undefined &&
        parameters.length === 1
      ) {
        return { of: name.slice(0, -1), by, start, end };
      }
      return `${name}(${parameters.join(", ")})`;
    }
  }
  throw new ParseError(
    latex,
    range.from,
    `a name, a function or a derivative must stand left of "=", got "${clean.slice(range.from, range.to).trim()}"`,
  );
}

/** Nested pieces as one text, without recursion. */
function flattened(piece: Piece, start: number): Omit<ReadText, "latex"> {
  const out: string[] = [];
  const marks: { readonly out: number; readonly at: number }[] = [{ out: 0, at: start }];
  let length = 0;
  const stack: Piece[] = [piece];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next === "string") {
      out.push(next);
      length += next.length;
    } else if ("text" in next) {
      marks.push({ out: length, at: next.at });
      out.push(next.text);
      length += next.text.length;
    } else for (let i = next.length - 1; i >= 0; i--) stack.push(next[i] as Piece);
  }
  const placeOf = (offset: number): number =>
    marks.findLast((mark) => mark.out <= offset)?.at ?? start;
  return { text: out.join(""), placeOf };
}
