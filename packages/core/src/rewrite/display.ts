import type { DType } from "../dtype.ts";
import type { Expr } from "../expr.ts";
import { add, div, mul, neg, pow, sqrt, sub } from "../ops/arithmetic.ts";
import { constant } from "../ops/leaf.ts";
import type { Known } from "./known.ts";
import { sortedFactors, sortedTerms } from "./order.ts";
import {
  exponentOf,
  type Factor,
  negated,
  numberTerm,
  type Polynomial,
  type Term,
  term,
} from "./polynomial.ts";
import {
  asDecimal,
  isInteger,
  isNegative,
  isValue,
  negate,
  ONE,
  plus,
  type Rational,
  toNumber,
  ZERO,
} from "./rational.ts";

/** A sum of terms as an expression, in the form and order in which textbooks print it. */
export function written(known: Known, terms: Polynomial, type: DType = "f64"): Expr {
  const writer = new Writer(known, literalType(terms, type));
  return writer.sum(terms);
}

/** Literals are single where all they stand beside are, so that they widen nothing. */
function literalType(terms: Polynomial, type: DType): DType {
  let single = false;
  let atoms = false;
  for (const { factors } of terms) {
    for (const { base } of factors) {
      atoms = true;
      if (base.dtype === "f64") return "f64";
      if (base.dtype === "f32") single = true;
    }
  }
  return atoms ? (single ? "f32" : "f64") : type;
}

class Writer {
  readonly #known: Known;
  readonly #type: DType;

  constructor(known: Known, type: DType) {
    this.#known = known;
    this.#type = type;
  }

  sum(terms: Polynomial): Expr {
    const [first, ...rest] = sortedTerms(this.#known, terms);
    if (first === undefined) return this.#literal(ZERO);
    if (rest.length === 0) return this.#alone(first);
    let total = this.#signed(first);
    for (const one of rest) {
      const minus = isNegative(one.coefficient);
      const size = this.#signed(minus ? { ...one, coefficient: negate(one.coefficient) } : one);
      total = minus ? sub(total, size) : add(total, size);
    }
    return total;
  }

  /** A negative number times one sum turns a sum of mixed signs round: `2(y − t)` for `−2(t − y)`. */
  #alone(one: Term): Expr {
    const { coefficient, factors } = one;
    const inner = factors.length === 1 && isValue(coefficient, -1) ? factors[0] : undefined;
    const opposite = inner && isValue(inner.exponent, 1) && this.#known.sums.get(inner.base);
    if (opposite !== undefined && opposite !== false) return this.sum(negated(opposite));
    const above = factors.filter(({ exponent }) => !isNegative(exponent));
    const [only] = above;
    if (!isNegative(coefficient) || only === undefined || above.length > 1)
      return this.#signed(one);
    const terms = this.#known.sums.get(only.base);
    if (terms === undefined || !isValue(only.exponent, 1)) return this.#signed(one);
    const minus = terms.filter((part) => isNegative(part.coefficient)).length;
    if (minus === 0 || minus === terms.length) return this.#signed(one);
    const turned = this.sum(negated(terms));
    this.#known.addSum(turned, negated(terms));
    const others = factors.filter((factor) => factor !== only);
    return this.#signed(term(negate(coefficient), [...others, { base: turned, exponent: ONE }]));
  }

  /** A term with its sign on the first factor above the bar. */
  #signed({ coefficient, factors }: Term): Expr {
    const joined = this.#joined(factors);
    const above = sortedFactors(
      this.#known,
      joined.filter(({ exponent }) => !isNegative(exponent)),
    );
    const below = sortedFactors(
      this.#known,
      joined
        .filter(({ exponent }) => isNegative(exponent))
        .map(({ base, exponent }) => ({ base, exponent: negate(exponent) })),
    );
    const decimal = asDecimal(coefficient);
    const number: Rational = { ...coefficient, denominator: 1n };
    const lead =
      decimal !== undefined ? constant(decimal, this.#type) : this.#lead(number, above.length > 0);
    const opposite = lead === undefined && isNegative(coefficient);
    const numerator = this.#product(lead, above, opposite);
    const parts =
      decimal !== undefined || coefficient.denominator === 1n
        ? undefined
        : this.#literal({ ...coefficient, numerator: coefficient.denominator, denominator: 1n });
    if (parts === undefined && below.length === 0) return numerator;
    return div(numerator, this.#product(parts, below, false));
  }

  /** The number in front, unless it is 1 or −1 with factors behind. */
  #lead(number: Rational, followed: boolean): Expr | undefined {
    const silent = followed && (isValue(number, 1) || isValue(number, -1));
    return silent ? undefined : this.#literal(number);
  }

  #product(lead: Expr | undefined, factors: readonly Factor[], opposite: boolean): Expr {
    let product = lead;
    for (const { base, exponent } of factors) {
      const factor = this.#power(base, exponent);
      if (product === undefined) product = opposite ? neg(factor) : factor;
      else product = mul(product, factor);
    }
    return product ?? this.#literal(ONE);
  }

  #power(base: Expr, exponent: Rational): Expr {
    if (isValue(exponent, 1)) return base;
    if (exponent.numerator === 1n && exponent.denominator === 2n) return sqrt(base);
    return pow(base, this.#number(exponent));
  }

  #number(value: Rational): Expr {
    const decimal = asDecimal(value);
    if (decimal !== undefined) return constant(decimal, this.#type);
    const top = this.#literal({ ...value, denominator: 1n });
    if (isInteger(value)) return top;
    return div(top, this.#literal({ ...value, numerator: value.denominator, denominator: 1n }));
  }

  #literal(value: Rational): Expr {
    return constant(toNumber(value), this.#type);
  }

  /** `xˢ · xʳ` is written `xˢ⁺ʳ`, unless s contains x: `n x^(n - 1)`, but `x^(1 / x) / x^2`. */
  #joined(factors: readonly Factor[]): readonly Factor[] {
    let out = factors;
    for (const factor of factors) {
      const power = this.#known.powers.get(factor.base);
      if (power === undefined || !isValue(factor.exponent, 1)) continue;
      const rest = exponentOf({ factors: out, coefficient: ONE, key: "" }, power.base);
      if (rest === undefined || contains(power.exponent, power.base)) continue;
      const total = this.sum(plusNumber(power.exponent, rest));
      const base = pow(power.base, total);
      this.#known.powers.set(base, {
        base: power.base,
        exponent: plusNumber(power.exponent, rest),
      });
      out = out
        .filter((other) => other.base !== power.base)
        .map((other) => (other === factor ? { base, exponent: ONE } : other));
    }
    return out;
  }
}

/** Nodes of an exponent that are looked at; a larger one counts as containing the base. */
const MOST_NODES = 200;

/** Whether the base occurs in an exponent. */
function contains(exponent: Polynomial, base: Expr): boolean {
  const open = exponent.flatMap(({ factors }) => factors.map((factor) => factor.base));
  const seen = new Set<Expr>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === base || seen.size > MOST_NODES) return true;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const arg of node.args) open.push(arg);
  }
  return false;
}

function plusNumber(terms: Polynomial, value: Rational): Polynomial {
  const before = terms.find(({ factors }) => factors.length === 0);
  const total = before === undefined ? value : plus(before.coefficient, value);
  const others = terms.filter((one) => one !== before);
  return total.numerator === 0n ? others : [...others, numberTerm(total)];
}
