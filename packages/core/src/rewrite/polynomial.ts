import type { Expr } from "../expr.ts";
import { fromNumber, isValue, negate, ONE, plus, type Rational } from "./rational.ts";

/** `base ^ exponent`; the base is no product or number where the exponent is whole. */
export interface Factor {
  readonly base: Expr;
  readonly exponent: Rational;
}

/** `coefficient · Π factors`, each base once. */
export interface Term {
  readonly coefficient: Rational;
  readonly factors: readonly Factor[];
  /** Equal for like terms. */
  readonly key: string;
}

/** A sum of terms that are not alike; 0 has none. */
export type Polynomial = readonly Term[];

/** A term; factors are put in the order of their bases, which tells like terms. */
export function term(coefficient: Rational, factors: readonly Factor[]): Term {
  const sorted = factors.length < 2 ? factors : [...factors].sort((a, b) => a.base.id - b.base.id);
  let key = "";
  for (const { base, exponent } of sorted) {
    key += `${base.id}^${exponent.numerator}/${exponent.denominator} `;
  }
  return { coefficient, factors: sorted, key };
}

/** The term that is a number. */
export function numberTerm(value: Rational): Term {
  return { coefficient: value, factors: [], key: "" };
}

/** A number as a sum of terms. */
export function numberPolynomial(value: number | Rational): Polynomial {
  const exact = typeof value === "number" ? fromNumber(value) : value;
  return exact.numerator === 0n ? [] : [numberTerm(exact)];
}

/** An expression that is taken as it is. */
export function atom(base: Expr): Polynomial {
  return [term(ONE, [{ base, exponent: ONE }])];
}

/** `−polynomial` */
export function negated(polynomial: Polynomial): Polynomial {
  return polynomial.map((one) => ({ ...one, coefficient: negate(one.coefficient) }));
}

/** Like terms become one; terms keep the order in which they were met first. */
export function merged(terms: Iterable<Term>): Polynomial {
  const byKey = new Map<string, Term>();
  for (const next of terms) {
    const before = byKey.get(next.key);
    if (before === undefined) byKey.set(next.key, next);
    else {
      byKey.set(next.key, { ...before, coefficient: plus(before.coefficient, next.coefficient) });
    }
  }
  const out: Term[] = [];
  for (const one of byKey.values()) if (one.coefficient.numerator !== 0n) out.push(one);
  return out;
}

/** Factors of one base become one: `xᵃ · xᵇ = xᵃ⁺ᵇ`. */
export function mergedFactors(factors: Iterable<Factor>): readonly Factor[] {
  const byBase = new Map<Expr, Rational>();
  for (const { base, exponent } of factors) {
    const before = byBase.get(base);
    byBase.set(base, before === undefined ? exponent : plus(before, exponent));
  }
  const out: Factor[] = [];
  for (const [base, exponent] of byBase) {
    if (exponent.numerator !== 0n) out.push({ base, exponent });
  }
  return out;
}

/** The number that a polynomial is, if it is one. */
export function asNumber(polynomial: Polynomial): Rational | undefined {
  if (polynomial.length === 0) return fromNumber(0);
  const [only] = polynomial as [Term];
  return polynomial.length === 1 && only.factors.length === 0 ? only.coefficient : undefined;
}

/** The expression that a polynomial is alone, with coefficient and exponent 1. */
export function asAtom(polynomial: Polynomial): Expr | undefined {
  const [only] = polynomial;
  if (polynomial.length !== 1 || only === undefined || !isValue(only.coefficient, 1))
    return undefined;
  const [factor] = only.factors;
  return only.factors.length === 1 && factor !== undefined && isValue(factor.exponent, 1)
    ? factor.base
    : undefined;
}

/** The exponent of a base in a term, if it occurs. */
export function exponentOf({ factors }: Term, base: Expr): Rational | undefined {
  return factors.find((factor) => factor.base === base)?.exponent;
}
