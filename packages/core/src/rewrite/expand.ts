import type { Known } from "./known.ts";
import { type Factor, merged, type Polynomial, type Term } from "./polynomial.ts";
import { product } from "./products.ts";
import { isInteger, isNegative, type Rational, times } from "./rational.ts";

/** At most so many terms are made to find out whether multiplying out merges any. */
const MOST_PRODUCTS = 64;

/** A sum to a higher power is never multiplied out. */
const HIGHEST_POWER = 4;

/** The sum with those products multiplied out that merge with other terms by it. */
export function multipliedOut(known: Known, sum: Polynomial): readonly Term[] | undefined {
  const expansions = sum.map((one) => expanded(known, one));
  if (expansions.every((parts) => parts === undefined)) return undefined;
  const sources = new Map<string, number>();
  const merging = new Set<number>();
  expansions.forEach((parts, source) => {
    for (const { key } of parts ?? [sum[source] as Term]) {
      const before = sources.get(key);
      if (before === undefined) sources.set(key, source);
      else if (before !== source) merging.add(before).add(source);
    }
  });
  const used = [...merging].filter((source) => expansions[source] !== undefined);
  if (used.length === 0) return undefined;
  return sum.flatMap((one, source) =>
    merging.has(source) ? (expansions[source] ?? [one]) : [one],
  );
}

/** All products of a term's sums, if there are any and not too many. */
function expanded(known: Known, { coefficient, factors }: Term): readonly Term[] | undefined {
  let terms: readonly Term[] | undefined;
  const others: Factor[] = [];
  let count = 1;
  const sums: Polynomial[] = [];
  for (const factor of factors) {
    const inner = known.sums.get(factor.base);
    const times = timesOf(factor.exponent);
    if (inner === undefined || times === undefined) {
      others.push(factor);
      continue;
    }
    for (let i = 0; i < times; i++) {
      sums.push(inner);
      count *= inner.length;
    }
    if (count > MOST_PRODUCTS) return undefined;
  }
  if (sums.length === 0) return undefined;
  terms = [product(known, coefficient, others)];
  for (const inner of sums) {
    terms = merged(
      terms.flatMap((one) =>
        inner.map((part) =>
          product(known, times(one.coefficient, part.coefficient), [
            ...one.factors,
            ...part.factors,
          ]),
        ),
      ),
    );
  }
  return terms;
}

/** How often a sum is to be multiplied with itself, if it is. */
function timesOf(exponent: Rational): number | undefined {
  const whole = isInteger(exponent) && !isNegative(exponent);
  const value = Number(exponent.numerator);
  return whole && value <= HIGHEST_POWER ? value : undefined;
}
