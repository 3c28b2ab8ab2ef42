import type { Expr } from "../expr.ts";
import { written } from "./display.ts";
import { multipliedOut } from "./expand.ts";
import type { Known } from "./known.ts";
import {
  exponentOf,
  type Factor,
  merged,
  negated,
  type Polynomial,
  type Term,
  term,
} from "./polynomial.ts";
import { product } from "./products.ts";
import {
  compare,
  inverse,
  isInteger,
  isNegative,
  isValue,
  MINUS_ONE,
  negate,
  ONE,
  plus,
  power,
  type Rational,
  rational,
  times,
} from "./rational.ts";
import { sumRules } from "./termRules.ts";

/** Sums of more terms are neither written out in another sum nor compared; bounds the work of a node. */
const MOST_TERMS = 64;

/** Rounds of factors taken out and sums multiplied out; two do for all that textbooks print. */
const MOST_ROUNDS = 4;

/** Like terms as one, and sums in sums: `x + (y + x) = 2x + y`, `−(a − b) = b − a`. */
export function collected(known: Known, terms: Iterable<Term>): Polynomial {
  const flat: Term[] = [];
  for (const one of terms) {
    const inner = innerSum(known, one);
    if (inner === undefined) flat.push(one);
    else
      for (const part of inner)
        flat.push({ ...part, coefficient: times(part.coefficient, one.coefficient) });
  }
  return merged(flat);
}

/** The terms of a sum that stands in another with coefficient 1 or −1 and nothing else. */
function innerSum(known: Known, { coefficient, factors }: Term): Polynomial | undefined {
  const [factor] = factors;
  if (factors.length !== 1 || factor === undefined || !isValue(factor.exponent, 1))
    return undefined;
  if (!isValue(coefficient, 1) && !isValue(coefficient, -1)) return undefined;
  const terms = known.sums.get(factor.base);
  return terms !== undefined && terms.length <= MOST_TERMS ? terms : undefined;
}

/**
 * A sum as textbooks leave it: what all terms share is taken out, and products are multiplied out where
 * like terms merge or cancel by it.
 */
export function finished(known: Known, terms: Polynomial): Polynomial {
  let sum = collected(known, terms);
  let outside: readonly Factor[] = [];
  for (let round = 0; round < MOST_ROUNDS && sum.length > 1; round++) {
    for (const { rewrite } of sumRules) sum = rewrite(sum, known) ?? sum;
    if (sum.length < 2) break;
    const shared = sharedFactors(known, sum);
    if (shared.length > 0) {
      outside = [...outside, ...shared];
      const inverses = shared.map(({ base, exponent }) => ({ base, exponent: negate(exponent) }));
      const rest = sum.map((one) => product(known, one.coefficient, [...one.factors, ...inverses]));
      sum = collected(known, rest);
    }
    const out = multipliedOut(known, sum);
    if (out !== undefined) sum = collected(known, out);
    else if (shared.length === 0) break;
  }
  if (sum.length === 0) return sum;
  if (outside.length === 0) return shareBar(sum) ? [cleared(known, sum)] : sum;
  const rest = asFactor(known, sum);
  return [tidied(known, product(known, rest.coefficient, [...rest.factors, ...outside]))];
}

/** Terms that are all over one number share the bar: `(x + y) / 2`. */
function shareBar(sum: Polynomial): boolean {
  const [first] = sum as readonly [Term];
  const { denominator, decimal } = first.coefficient;
  if (sum.length < 2 || denominator === 1n || decimal) return false;
  return sum.every(({ coefficient, factors }) => {
    const whole = factors.every(({ exponent }) => !isNegative(exponent));
    return whole && coefficient.denominator === denominator && !coefficient.decimal;
  });
}

/**
 * What is taken out of a sum: what every term has, at its lowest exponent. Calls, powers and sums; a
 * symbol only as a denominator, and only if the exponents differ by at most 1 (the quotient rule).
 */
function sharedFactors(known: Known, sum: Polynomial): readonly Factor[] {
  const [first, ...rest] = sum as readonly [Term, ...Term[]];
  let shared = first.factors.map(({ base, exponent }) => ({ base, low: exponent, high: exponent }));
  for (const one of rest) {
    if (shared.length === 0) return [];
    const next: typeof shared = [];
    for (const { base, low, high } of shared) {
      const exponent = exponentOf(one, base);
      if (exponent === undefined) continue;
      next.push({
        base,
        low: compare(exponent, low) < 0 ? exponent : low,
        high: compare(exponent, high) > 0 ? exponent : high,
      });
    }
    shared = next;
  }
  const taken = shared.filter(({ base, low, high }) => {
    const kind = known.kindOf(base);
    if (kind !== "symbol" && kind !== "constant") return true;
    return isNegative(high) && compare(plus(low, ONE), high) >= 0;
  });
  return taken.map(({ base, low }) => ({ base, exponent: low }));
}

/** A polynomial as one term: a sum of several becomes a factor. */
export function asFactors(known: Known, terms: Polynomial): Term {
  const [first] = terms;
  return asFactor(
    known,
    terms.length === 1 && first !== undefined ? terms : finished(known, terms),
  );
}

function asFactor(known: Known, terms: Polynomial): Term {
  const [first] = terms;
  if (first === undefined) return term(rational(0n), []);
  return terms.length === 1 ? first : sumFactor(known, terms);
}

/**
 * A quotient with the fractions in its sums cleared, `1 / (1 + x/a) = a / (a + x)`; and in any product
 * those that a factor beside the sum cancels, `a (1 + x/a) = a + x`.
 */
export function tidied(known: Known, one: Term): Term {
  const quotient =
    (one.coefficient.denominator !== 1n && !one.coefficient.decimal) ||
    one.factors.some(({ exponent }) => isNegative(exponent));
  const bases = new Set(one.factors.map(({ base }) => base));
  for (const { base, exponent } of one.factors) {
    const terms = known.sums.get(base);
    if (terms === undefined || !isInteger(exponent) || terms.length > MOST_TERMS) continue;
    let clear = known.cleared.get(base);
    if (clear === undefined) {
      clear = cleared(known, terms);
      known.cleared.set(base, clear);
    }
    const coefficient = power(clear.coefficient, exponent);
    if (clear.factors.some((factor) => factor.base === base) || coefficient === undefined) continue;
    if (!quotient && !clear.factors.some((factor) => bases.has(factor.base))) continue;
    const others = one.factors.filter((factor) => factor.base !== base);
    const inner = clear.factors.map((factor) => ({
      base: factor.base,
      exponent: times(factor.exponent, exponent),
    }));
    // A cleared sum has no fractions, so each sum is replaced at most once.
    return tidied(
      known,
      product(known, times(one.coefficient, coefficient), [...others, ...inner]),
    );
  }
  return one;
}

/** `1 + x/a = (a + x) / a`: the common denominator of the terms taken out of a factor. */
function cleared(known: Known, terms: Polynomial): Term {
  const [first] = terms;
  if (first === undefined) return term(rational(0n), []);
  if (terms.length === 1) return first;
  const lowest = new Map<Expr, Rational>();
  let denominator = 1n;
  for (const { coefficient, factors } of terms) {
    if (!coefficient.decimal)
      denominator = leastCommonMultiple(denominator, coefficient.denominator);
    for (const { base, exponent } of factors) {
      const before = lowest.get(base);
      if (isNegative(exponent) && (before === undefined || compare(exponent, before) < 0)) {
        lowest.set(base, exponent);
      }
    }
  }
  if (denominator === 1n && lowest.size === 0) return sumFactor(known, terms);
  const outside = [...lowest].map(([base, exponent]) => ({ base, exponent }));
  const inside = outside.map(({ base, exponent }) => ({ base, exponent: negate(exponent) }));
  const whole = rational(denominator);
  const rest = terms.map(({ coefficient, factors }) =>
    product(known, times(coefficient, whole), [...factors, ...inside]),
  );
  const tidy = finished(known, rest);
  if (tidy.length === 0) return term(rational(0n), []);
  const factor = asFactor(known, tidy);
  return product(known, times(factor.coefficient, inverse(whole)), [...factor.factors, ...outside]);
}

/** The denominator of `1/a + …/b`: b divided by what a and b share, times a. */
function leastCommonMultiple(a: bigint, b: bigint): bigint {
  return a * rational(a, b).denominator;
}

/** A sum as one factor; the one that was met before, if it is that or its opposite. */
function sumFactor(known: Known, terms: Polynomial): Term {
  if (terms.length > MOST_TERMS) {
    const base = written(known, terms);
    return term(ONE, [{ base, exponent: ONE }]);
  }
  if (terms.every(({ coefficient }) => isNegative(coefficient))) {
    const turned = sumFactor(known, negated(terms));
    return { ...turned, coefficient: negate(turned.coefficient) };
  }
  const same = known.factors.get(sumKey(terms));
  if (same !== undefined) return term(ONE, [{ base: same, exponent: ONE }]);
  const opposite = known.factors.get(sumKey(negated(terms)));
  if (opposite !== undefined) return term(MINUS_ONE, [{ base: opposite, exponent: ONE }]);
  const base = written(known, terms);
  known.addSum(base, terms);
  known.factors.set(sumKey(terms), base);
  return term(ONE, [{ base, exponent: ONE }]);
}

function sumKey(terms: Polynomial): string {
  const parts = terms.map(
    ({ key, coefficient: { numerator, denominator } }) => `${numerator}/${denominator}·${key}`,
  );
  return parts.sort().join("+");
}
