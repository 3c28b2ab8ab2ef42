import { nameOf } from "../bind.ts";
import type { Expr } from "../expr.ts";
import { type Known, kinds } from "./known.ts";
import type { Factor, Polynomial, Term } from "./polynomial.ts";
import { compare, isNegative } from "./rational.ts";

/** Functions in the order of textbooks; those not listed follow by name. */
const families: readonly (readonly string[])[] = [
  ["exp"],
  ["sin", "cos", "tan"],
  ["asin", "acos", "atan"],
  ["sinh", "cosh", "tanh"],
  ["asinh", "acosh", "atanh"],
  ["log"],
];

/** A function's place: family, place in the family, name, number of primes. */
interface CallRank {
  readonly family: number;
  readonly place: number;
  readonly name: string;
  readonly primes: number;
}

function callRank({ op, attributes }: Expr): CallRank {
  const label = typeof attributes["name"] === "string" ? attributes["name"] : op.name;
  const name = label.replace(/'+$/, "");
  const family = families.findIndex((members) => members.includes(name));
  return {
    family: family < 0 ? families.length : family,
    place: family < 0 ? 0 : (families[family] as readonly string[]).indexOf(name),
    name: family < 0 ? name : "",
    primes: label.length - name.length,
  };
}

/** Alphabetical, numbers in names by size: `w2` before `w10`. */
export function compareNames(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = left[i] as string;
    const y = right[i] as string;
    if (x === y) continue;
    const bySize = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : 0;
    return bySize !== 0 ? bySize : x < y ? -1 : 1;
  }
  return left.length - right.length;
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Arguments without a leading minus first, then by their text. */
function compareArguments(known: Known, a: Expr, b: Expr): number {
  const [left, right] = [a, b].map((call) =>
    call.args[0] === undefined ? "" : known.textOf(call.args[0]),
  ) as [string, string];
  const sign = Number(left.startsWith("-")) - Number(right.startsWith("-"));
  return sign !== 0 ? sign : compareTexts(left, right);
}

/** The order of factors in a product. */
export function compareFactors(known: Known, a: Factor, b: Factor): number {
  const kind = known.kindOf(a.base);
  const byKind = kinds.indexOf(kind) - kinds.indexOf(known.kindOf(b.base));
  if (byKind !== 0) return byKind;
  if (kind === "symbol") return compareNames(nameOf(a.base) ?? "", nameOf(b.base) ?? "");
  if (kind === "call") return compareCalls(known, a, b);
  const left = known.textOf(a.base);
  const right = known.textOf(b.base);
  if (kind !== "sum") return compareTexts(left, right);
  const byDegree = known.degreeOf(a.base) - known.degreeOf(b.base);
  return byDegree || left.length - right.length || compareTexts(left, right);
}

function compareCalls(known: Known, a: Factor, b: Factor): number {
  const left = callRank(a.base);
  const right = callRank(b.base);
  return (
    left.family - right.family ||
    compareTexts(left.name, right.name) ||
    left.primes - right.primes ||
    compare(b.exponent, a.exponent) ||
    left.place - right.place ||
    compareArguments(known, a.base, b.base)
  );
}

/** Factors as they are written. */
export function sortedFactors(known: Known, factors: readonly Factor[]): readonly Factor[] {
  return [...factors].sort((a, b) => compareFactors(known, a, b));
}

/** What terms of a sum are put in order by. */
interface TermRank {
  readonly one: Term;
  readonly degree: number;
  readonly group: number;
  readonly symbols: readonly Factor[];
  readonly calls: readonly Factor[];
  readonly sums: readonly Factor[];
}

function rankOf(known: Known, one: Term): TermRank {
  const factors = sortedFactors(known, one.factors);
  const symbols = factors.filter(({ base }) => known.kindOf(base) === "symbol");
  const calls = factors.filter(({ base }) => /^(?:power|call)$/.test(known.kindOf(base)));
  const sums = factors.filter(({ base }) => known.kindOf(base) === "sum");
  const group = calls.length + sums.length > 0 ? 0 : factors.length > 0 ? 1 : 2;
  return { one, degree: known.termDegree(one), group, symbols, calls, sums };
}

/**
 * The order of terms in a sum: by descending degree; then those with calls or sums, pure numbers last;
 * then symbols in graded lexicographic order; then by their calls, and their sums.
 */
function compareRanks(known: Known, a: TermRank, b: TermRank): number {
  return (
    b.degree - a.degree ||
    a.group - b.group ||
    compareSymbols(a.symbols, b.symbols) ||
    compareLists(a.calls, b.calls, (x, y) => compareTermCalls(known, x, y)) ||
    compareLists(a.sums, b.sums, (x, y) => compareFactors(known, x, y))
  );
}

/** `x²` before `x y` before `y²` */
function compareSymbols(a: readonly Factor[], b: readonly Factor[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const left = a[i];
    const right = b[i];
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    const byName = compareNames(nameOf(left.base) ?? "", nameOf(right.base) ?? "");
    if (byName !== 0) return byName;
    const byExponent = compare(right.exponent, left.exponent);
    if (byExponent !== 0) return byExponent;
  }
  return 0;
}

function compareLists<T>(
  a: readonly T[],
  b: readonly T[],
  compareItems: (x: T, y: T) => number,
): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareItems(a[i] as T, b[i] as T);
    if (order !== 0) return order;
  }
  return b.length - a.length;
}

/** In sums the derivative comes before the function: `u' v + u v'`. */
function compareTermCalls(known: Known, a: Factor, b: Factor): number {
  const [x, y] = [known.kindOf(a.base), known.kindOf(b.base)];
  if (x !== y) return kinds.indexOf(x) - kinds.indexOf(y);
  if (x === "power") return compareTexts(known.textOf(a.base), known.textOf(b.base));
  const left = callRank(a.base);
  const right = callRank(b.base);
  return (
    left.family - right.family ||
    compareTexts(left.name, right.name) ||
    right.primes - left.primes ||
    left.place - right.place ||
    compareArguments(known, a.base, b.base) ||
    compare(b.exponent, a.exponent)
  );
}

/** Terms as they are written: a term that is the only positive one leads. */
export function sortedTerms(known: Known, terms: Polynomial): readonly Term[] {
  const ranks = terms.map((one) => rankOf(known, one));
  ranks.sort((a, b) => compareRanks(known, a, b));
  const sorted = ranks.map(({ one }) => one);
  const positive = sorted.filter(({ coefficient }) => !isNegative(coefficient));
  if (positive.length !== 1) return sorted;
  const [lead] = positive as [Term];
  return [lead, ...sorted.filter((one) => one !== lead)];
}
