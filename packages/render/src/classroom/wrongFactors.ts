import {
  type Bindings,
  type Expr,
  evaluate,
  isInput,
  leavesOf,
  listPaths,
  nameOf,
  type Path,
  type Program,
  paths,
  toText,
} from "@chainrule/core";
import { equivalent, simplify } from "@chainrule/core/rewrite";
import type { NamedMistake } from "./checkAnswer.ts";
import { readAnswer } from "./readAnswer.ts";

/** Sums over more paths are not written as products by hand. */
const MOST_PATHS = 8;

/** One factor of the chain rule. */
interface Factor {
  readonly of: Expr;
  readonly by: Expr;
  readonly partial: Expr;
}

/**
 * Compares an answer written as a sum of products, `c * 1 * 3`, factor by factor with the paths: the
 * factors that differ, where an answer has a term for each path and as many factors as the path.
 */
export function wrongFactors(
  program: Program,
  y: Expr,
  x: Expr,
  answer: string,
  at: Bindings,
): readonly NamedMistake[] {
  if (paths(y, x).count > BigInt(MOST_PATHS)) return [];
  const terms = split(answer, /[+]/).map((term) => split(term, /[*·⋅×]/u));
  const all = listPaths(y, x, MOST_PATHS);
  if (terms.length !== all.length || terms.every((term) => term.length < 2)) return [];
  const mistakes: NamedMistake[] = [];
  for (const [i, path] of all.entries()) {
    const term = terms[i] as readonly string[];
    // A path has several 1s, of which some are written by some.
    const short = term.filter((text) => text.trim() !== "1");
    const [expected, given] =
      [term, short].flatMap((one) => {
        const found = factorings(program, path).find(({ length }) => length === one.length);
        return found === undefined ? [] : [[found, one] as const];
      })[0] ?? [];
    if (expected === undefined || given === undefined) return [];
    const values = given.map((text) => readAnswer(program, text).value);
    for (const [factor, k] of differing(expected, values, at)) {
      mistakes.push(mistakeOf(program, path, factor, given[k] as string));
    }
  }
  const most = all.reduce((sum, { edges }) => sum + edges.length, 0);
  return mistakes.length < most ? mistakes : [];
}

/** Factors without an equal one in the answer, each with what stands there: places first. */
function differing(
  expected: readonly Factor[],
  given: readonly (Expr | number)[],
  at: Bindings,
): readonly (readonly [Factor, number])[] {
  const places = new Set(given.keys());
  const equals = ({ partial }: Factor, k: number): boolean => same(partial, given[k], at);
  const left = expected.filter((factor, k) => !(equals(factor, k) && places.delete(k)));
  const unmatched = left.filter((factor) => {
    const place = [...places].find((k) => equals(factor, k));
    return place === undefined || !places.delete(place);
  });
  const rest = [...places];
  return unmatched.map((factor, i) => [factor, rest[i] as number]);
}

/** A number in a factor's place is its value at the point. */
function same(partial: Expr, given: Expr | number | undefined, at: Bindings): boolean {
  if (given === undefined) return false;
  if (equivalent(partial, given).equivalent) return true;
  if (typeof given !== "number" || !isBound(partial, at)) return false;
  const value = evaluate(partial, at, { extra: "allow" });
  return typeof value === "number" && Math.abs(value - given) <= ROUNDED * Math.abs(value);
}

/** Factors by hand have three digits. */
const ROUNDED = 0.005;

function isBound(expr: Expr, at: Bindings): boolean {
  return leavesOf([expr]).every((leaf) => {
    const name = isInput(leaf) ? nameOf(leaf) : undefined;
    return name === undefined || (at instanceof Map ? at.has(leaf) : name in at);
  });
}

function mistakeOf(program: Program, path: Path, factor: Factor, text: string): NamedMistake {
  const show = (node: Expr): string =>
    program.nameOf(node) ?? `(${toText(node, { names: program.names, style: "reading" })})`;
  const name = `∂${show(factor.of)}/∂${show(factor.by)}`;
  const right = toText(simplify(factor.partial), { names: program.names, style: "reading" });
  const way = path.nodes.map(show).join(" → ");
  return {
    name: "wrong factor",
    sentence: `On the path ${way} the factor ${name} is ${right}, not ${text.trim()}.`,
  };
}

/** The factors of a path from the output down: between named nodes, and node by node. */
function factorings(program: Program, { edges }: Path): readonly (readonly Factor[])[] {
  const single: Factor[] = [];
  for (const { user, from, partial } of [...edges].reverse()) {
    if (partial === undefined) return [];
    single.push({ of: user, by: from, partial });
  }
  const merged: Factor[] = [];
  for (const factor of single) {
    const last = merged.at(-1);
    if (last !== undefined && program.nameOf(last.by) === undefined) {
      merged[merged.length - 1] = {
        of: last.of,
        by: factor.by,
        partial: last.partial.mul(factor.partial),
      };
    } else merged.push(factor);
  }
  const short = single.filter(({ partial }) => toText(simplify(partial)) !== "1");
  return [merged, single, short];
}

/** Parts of a text between separators outside of all brackets. */
function split(text: string, separator: RegExp): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const letter of text) {
    if ("([{".includes(letter)) depth++;
    if (")]}".includes(letter)) depth--;
    if (depth === 0 && separator.test(letter)) {
      parts.push(part);
      part = "";
    } else part += letter;
  }
  parts.push(part);
  return parts.every((one) => one.trim() !== "") ? parts : [text];
}
