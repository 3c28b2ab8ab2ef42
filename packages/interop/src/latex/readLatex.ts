import { ParseError } from "@chainrule/core/parse";
import { type Reader, reader } from "./engine.ts";
import type { Piece } from "./heads.ts";
import { headOf, type MathJson, numeralOf, operandsOf, symbolOf } from "./mathJson.ts";
import { mathText, type TextContext } from "./mathText.ts";
import { protectNames } from "./protectNames.ts";
import { readName } from "./readName.ts";
import { type Gradient, type Ratio, ratioText, variableName } from "./readRatio.ts";
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
  readonly left?: string | Ratio | Gradient;
  /** The point that the left side is meant at: `|_{x = 1}` behind it, or `f'(1)`. */
  readonly at?: Readonly<Record<string, number>>;
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
    derivative: (ratio) => {
      const { of, by, before, start } = ratio;
      const text = before === undefined ? options.derivative?.(of, by) : undefined;
      if (text !== undefined) return text;
      throw new ParseError(
        latex,
        start,
        `a derivative must stand left of "=", as a claim, got ${ratioText(ratio)} inside of a formula`,
      );
    },
  };
  const textOf = (range: Range): ReadText => {
    const names = protectNames(clean, range.from, range.to);
    const json = read(names.latex);
    if (json === null) throw new ParseError(latex, range.from, "a formula must not be empty");
    const from = clean.slice(range.from, range.to).trim().replace(/\s+/g, " ");
    return { ...flattened(latex, mathText(json, names, context), range.from), latex: from };
  };
  return statements.map((ranges) => {
    const [first, ...rest] = ranges;
    const start = first?.from ?? 0;
    if (first === undefined || rest.length === 0) return { right: ranges.map(textOf), start };
    const left = readLeft({ read, latex, clean, parameters: context.parameters }, first);
    return { ...left, right: rest.map(textOf), start };
  });
}

interface Source {
  readonly read: Reader;
  readonly latex: string;
  readonly clean: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** `\right|_{x = 1}` behind a derivative. */
const bar = /(?:\\(?:right|[bB]igg?r?)?\s*)?(?:\||\\r?[vV]ert)\s*_\s*\{([^{}]*)\}\s*$/;

type Left = Required<Pick<LatexStatement, "left">> & Pick<LatexStatement, "at">;

/** What a formula defines or claims. */
function readLeft(source: Source, range: Range): Left {
  const { clean, latex } = source;
  const behind = bar.exec(clean.slice(range.from, range.to));
  if (behind === null) return readPlain(source, range);
  const to = range.from + behind.index;
  const { left, at } = readPlain(source, { from: range.from, to });
  return { left, at: { ...at, ...readPoint(latex, behind[1] as string, to) } };
}

/** `x = 1, y = -2` */
function readPoint(latex: string, text: string, place: number): Readonly<Record<string, number>> {
  const at: Record<string, number> = Object.create(null);
  for (const part of text.split(/,|;/)) {
    const equals = part.indexOf("=");
    const left = part.slice(0, Math.max(0, equals)).trim();
    const name = readName(left, 0);
    const number = part.slice(equals + 1).trim();
    const value = Number(number);
    if (name?.end !== left.length || number === "" || !Number.isFinite(value)) {
      throw new ParseError(
        latex,
        place,
        `behind a bar numbers must stand, |_{x = 1}, got "${part.trim()}"`,
      );
    }
    at[variableName(name.name)] = value;
  }
  return at;
}

function readPlain({ read, latex, clean, parameters }: Source, range: Range): Left {
  const names = protectNames(clean, range.from, range.to);
  const json = read(names.latex) ?? 0;
  const item = names.symbols.get(symbolOf(json) ?? "");
  if (item !== undefined) return { left: "name" in item ? variableName(item.name) : item };
  const [head, behind] = headOf(json) === "InvisibleOperator" ? operandsOf(json) : [];
  const called = names.symbols.get(symbolOf(head ?? 0) ?? "");
  const bracket = behind === undefined || headOf(behind) !== "Delimiter" ? undefined : behind;
  const [inner] = bracket === undefined ? [] : operandsOf(bracket);
  if (called !== undefined && "name" in called && inner !== undefined) {
    const given = headOf(inner) === "Sequence" ? operandsOf(inner) : [inner];
    const arguments_ = given.map((one) => {
      const found = names.symbols.get(symbolOf(one) ?? "");
      return found !== undefined && "name" in found ? found.name : undefined;
    });
    const [, base = "", primes = ""] = /^(.*?)('*)$/.exec(called.name) ?? [];
    if (primes === "" && arguments_.every((one) => one !== undefined)) {
      return { left: `${base}(${arguments_.join(", ")})` };
    }
    // f'(x) = … claims a derivative, f'(1) = … one at a point.
    const value = numberOf(inner);
    const by = value === undefined ? arguments_[0] : parameters.get(base);
    if (primes !== "" && given.length === 1 && by !== undefined) {
      const before = new Array<string>(primes.length - 1).fill(by);
      const ratio = { of: base, by, start: called.start, end: called.end };
      return {
        left: before.length === 0 ? ratio : { ...ratio, before },
        ...(value === undefined ? {} : { at: { [by]: value } }),
      };
    }
  }
  throw new ParseError(
    latex,
    range.from,
    `a name, a function or a derivative must stand left of "=", got "${clean.slice(range.from, range.to).trim()}"`,
  );
}

/** `2`, `-0.5` */
function numberOf(node: MathJson): number | undefined {
  const isNegative = headOf(node) === "Negate";
  const [positive] = isNegative ? operandsOf(node) : [node];
  const numeral = positive === undefined ? undefined : numeralOf(positive);
  const value = Number(numeral);
  if (numeral === undefined || !Number.isFinite(value)) return undefined;
  return isNegative ? -value : value;
}

/** Letters of a formula: derivatives inside of each other grow without end. */
const LONGEST = 2 ** 20;

/** Nested pieces as one text, without recursion. */
function flattened(latex: string, piece: Piece, start: number): Omit<ReadText, "latex"> {
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
    if (length > LONGEST) {
      throw new ParseError(
        latex,
        start,
        `a formula must have at most ${LONGEST} letters when its derivatives are written out`,
      );
    }
  }
  const placeOf = (offset: number): number =>
    marks.findLast((mark) => mark.out <= offset)?.at ?? start;
  return { text: out.join(""), placeOf };
}
