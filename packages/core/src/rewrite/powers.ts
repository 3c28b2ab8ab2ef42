import { exp } from "../ops/exponential.ts";
import { constant, namedConstant } from "../ops/leaf.ts";
import { asFactors, tidied } from "./collect.ts";
import { written } from "./display.ts";
import type { Known } from "./known.ts";
import {
  asAtom,
  asNumber,
  atom,
  type Factor,
  negated,
  numberPolynomial,
  type Polynomial,
  type Term,
  term,
} from "./polynomial.ts";
import { product, symbolicPower } from "./products.ts";
import {
  isInteger,
  isNegative,
  isValue,
  negate,
  ONE,
  power,
  type Rational,
  rational,
  times,
} from "./rational.ts";

/** Higher powers are not raised further, so that exponents stay exact as literals. */
const HIGHEST = 1n << 20n;

/** Products of more factors are not taken apart; bounds the work of one node. */
const MOST_FACTORS = 64;

/** `a · b` */
export function multiplied(known: Known, a: Polynomial, b: Polynomial): Polynomial {
  if (a.length === 0 || b.length === 0) return [];
  const left = asFactors(known, a);
  const right = asFactors(known, b);
  if (left.factors.length === 0 && right.factors.length === 0) {
    return numberPolynomial(times(left.coefficient, right.coefficient));
  }
  const [x, y] = [left, right].map((one) => bounded(known, one)) as [Term, Term];
  const whole = product(known, times(x.coefficient, y.coefficient), [...x.factors, ...y.factors]);
  return whole.coefficient.numerator === 0n ? [] : [tidied(known, whole)];
}

/** A product of very many factors, or to a very high power, is a factor as it is. */
function bounded(known: Known, one: Term): Term {
  const few = one.factors.length <= MOST_FACTORS;
  if (few && one.factors.every(({ exponent }) => isModest(exponent))) return one;
  return term(ONE, [{ base: written(known, [one]), exponent: ONE }]);
}

function isModest({ numerator, denominator }: Rational): boolean {
  return numerator < HIGHEST && -numerator < HIGHEST && denominator < HIGHEST;
}

/** `terms ^ exponent`; `undefined` where there is no rule that keeps every value. */
export function raised(
  known: Known,
  terms: Polynomial,
  exponent: Rational,
): Polynomial | undefined {
  if (isValue(exponent, 1)) return terms;
  if (exponent.numerator === 0n) return numberPolynomial(ONE);
  if (terms.length === 0) return isNegative(exponent) ? undefined : [];
  if (isInteger(exponent)) return raisedWhole(known, asFactors(known, terms), exponent);
  const [only] = terms;
  if (terms.length > 1 || only === undefined) {
    const base = written(known, terms);
    known.addSum(base, terms);
    return [product(known, ONE, [{ base, exponent }])];
  }
  return raisedBroken(known, only, exponent);
}

function raisedWhole(known: Known, base: Term, exponent: Rational): Polynomial | undefined {
  const one = bounded(known, base);
  const coefficient = power(one.coefficient, exponent);
  if (coefficient === undefined) return undefined;
  const factors = one.factors.map(({ base, exponent: own }) => ({
    base,
    exponent: times(own, exponent),
  }));
  return [tidied(known, product(known, coefficient, factors))];
}

/** `(c · a)^q = c^q · a^q` for positive numbers c alone: the other factors may have any sign. */
function raisedBroken(known: Known, one: Term, exponent: Rational): Polynomial | undefined {
  const small = bounded(known, one);
  const turned = isNegative(small.coefficient) ? turnedSum(known, small) : small;
  if (turned === undefined) return [wholeBase(known, small, exponent)];
  const { coefficient, factors } = turned;
  const root = power(coefficient, exponent);
  if (factors.length === 0) {
    if (root !== undefined) return [term(root, [])];
    const { numerator, denominator } = coefficient;
    return [
      product(known, ONE, [
        ...numberFactor(known, numerator, exponent),
        ...numberFactor(known, denominator, negate(exponent)),
      ]),
    ];
  }
  if (root === undefined) return [wholeBase(known, turned, exponent)];
  const [only] = factors as [Factor];
  if (factors.length === 1 && passes(known, only)) {
    return [product(known, root, [{ base: only.base, exponent: times(only.exponent, exponent) }])];
  }
  const rest = wholeBase(known, { ...turned, coefficient: ONE }, exponent);
  return [product(known, root, rest.factors)];
}

/** `−c (a − b) = c (b − a)` */
function turnedSum(known: Known, { coefficient, factors }: Term): Term | undefined {
  for (const factor of factors) {
    const terms = known.sums.get(factor.base);
    if (terms === undefined || !isValue(factor.exponent, 1)) continue;
    const base = written(known, negated(terms));
    known.addSum(base, negated(terms));
    const others = factors.filter((other) => other !== factor);
    return term(negate(coefficient), [...others, { base, exponent: ONE }]);
  }
  return undefined;
}

function numberFactor(known: Known, value: bigint, exponent: Rational): readonly Factor[] {
  if (value === 1n) return [];
  const base = constant(Number(value));
  known.addProduct(base, term(rational(value), []));
  return [{ base, exponent }];
}

/** `(xᵖ)^q = x^(p q)`, unless p is even and x may be negative: √(x²) is |x|. */
function passes(known: Known, { base, exponent }: Factor): boolean {
  if (known.powers.has(base)) return false;
  return base.op === exp.op || !isInteger(exponent) || exponent.numerator % 2n !== 0n;
}

function wholeBase(known: Known, one: Term, exponent: Rational): Term {
  const own = asAtom([one]);
  const base = own ?? written(known, [one]);
  if (own === undefined) known.addProduct(base, one);
  return term(ONE, [{ base, exponent }]);
}

/** `base ^ exponent` of an exponent that is no number; `eˣ` is `exp(x)`. */
export function raisedTo(
  known: Known,
  base: Polynomial,
  exponent: Polynomial,
): Polynomial | undefined {
  const number = asNumber(exponent);
  if (number !== undefined) return raised(known, base, number);
  const node = asAtom(base);
  if (node !== undefined && node === namedConstant("e")) return atom(exp(written(known, exponent)));
  const [only] = base;
  const whole = node ?? written(known, base);
  if (node === undefined) {
    if (base.length > 1) known.addSum(whole, base);
    else if (only !== undefined && only.factors.length > 0) known.addProduct(whole, only);
  }
  return [product(known, ONE, symbolicPower(known, whole, exponent))];
}
