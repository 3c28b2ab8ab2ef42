import type { Expr } from "../expr.ts";
import { tanh } from "../ops/hyperbolic.ts";
import { cos, sin, tan } from "../ops/trigonometric.ts";
import { written } from "./display.ts";
import type { Known } from "./known.ts";
import { type Factor, mergedFactors, type Polynomial, type Term, term } from "./polynomial.ts";
import {
  isEqual,
  isInteger,
  isNegative,
  negate,
  ONE,
  plus,
  type Rational,
  rational,
  times,
} from "./rational.ts";

/** A rewrite of the factors of a product; `undefined` where it does not apply. */
export interface ProductRule {
  readonly name: string;
  readonly rewrite: (factors: readonly Factor[], known: Known) => readonly Factor[] | undefined;
}

/** A rewrite of the terms of a sum. */
export interface SumRule {
  readonly name: string;
  readonly rewrite: (terms: Polynomial, known: Known) => Polynomial | undefined;
}

const MINUS_TWO: Rational = rational(-2n);
const TWO: Rational = rational(2n);

/** Rewrites of products, in their order. */
export const productRules: readonly ProductRule[] = [
  {
    // sign(u) / |u| = 1 / u
    name: "sign over absolute value",
    rewrite: (factors) =>
      pair(factors, "sign", "abs", (sign, abs, u) =>
        !isNegative(sign.exponent) && isNegative(abs.exponent)
          ? [
              { base: sign.base, exponent: rational(-1n) },
              { base: abs.base, exponent: ONE },
              { base: u, exponent: rational(-1n) },
            ]
          : undefined,
      ),
  },
  {
    // tan(u)ⁿ cos(u)ᵐ = sin(u)ⁿ cos(u)ᵐ⁻ⁿ
    name: "tangent beside cosine",
    rewrite: (factors) =>
      pair(factors, "tan", "cos", (top, cosine, u) => [
        { base: top.base, exponent: negate(top.exponent) },
        { base: sin(u), exponent: top.exponent },
        { base: cosine.base, exponent: negate(top.exponent) },
      ]),
  },
  {
    // sin(u)ⁿ / cos(u)ⁿ = tan(u)ⁿ
    name: "sine over cosine",
    rewrite: (factors) => pair(factors, "sin", "cos", (a, b, u) => quotient(a, b, tan(u))),
  },
  {
    // sinh(u)ⁿ / cosh(u)ⁿ = tanh(u)ⁿ
    name: "hyperbolic sine over cosine",
    rewrite: (factors) => pair(factors, "sinh", "cosh", (a, b, u) => quotient(a, b, tanh(u))),
  },
  {
    // (p − q)ⁿ (p + q)ⁿ = (p² − q²)ⁿ
    name: "sum times difference",
    rewrite: conjugates,
  },
];

/** The factors that turn aⁿ / bⁿ into cⁿ. */
function quotient(a: Factor, b: Factor, c: Expr): readonly Factor[] | undefined {
  if (isNegative(a.exponent) || !isEqual(a.exponent, negate(b.exponent))) return undefined;
  return [
    { base: a.base, exponent: negate(a.exponent) },
    { base: b.base, exponent: negate(b.exponent) },
    { base: c, exponent: a.exponent },
  ];
}

function conjugates(factors: readonly Factor[], known: Known): readonly Factor[] | undefined {
  const groups = new Map<string, Factor[]>();
  for (const b of factors) {
    const pair = known.pairs.get(b.base);
    if (pair === undefined) continue;
    const group = groups.get(pair) ?? [];
    for (const a of group) {
      const product = isEqual(a.exponent, b.exponent) && squares(known, a.base, b.base);
      if (product === false || product === undefined) continue;
      const base = written(known, product);
      known.addSum(base, product);
      const others = factors.filter((factor) => factor !== a && factor !== b);
      return [...others, { base, exponent: a.exponent }];
    }
    groups.set(pair, [...group, b]);
  }
  return undefined;
}

/** The terms of `(p + q)(p − q)`. */
function squares(known: Known, first: Expr, second: Expr): Polynomial | undefined {
  const a = known.sums.get(first) ?? [];
  const b = known.sums.get(second) ?? [];
  // The square of a root of a product is that product: left to `product`.
  if (a.some(({ factors }) => factors.some(({ base }) => known.products.has(base))))
    return undefined;
  const same: Term[] = [];
  const turned: Term[] = [];
  for (const one of a) {
    const other = b.find(({ key }) => key === one.key);
    if (other === undefined) return undefined;
    if (isEqual(one.coefficient, other.coefficient)) same.push(one);
    else if (isEqual(one.coefficient, negate(other.coefficient))) turned.push(one);
  }
  const [p] = same;
  const [q] = turned;
  if (p === undefined || q === undefined) return undefined;
  const minus = squared(q);
  return [squared(p), { ...minus, coefficient: negate(minus.coefficient) }];
}

function squared({ coefficient, factors }: Term): Term {
  const twice = factors.map(({ base, exponent }) => ({ base, exponent: times(exponent, TWO) }));
  return term(times(coefficient, coefficient), twice);
}

/** Adds factors for two calls of one argument to whole powers. */
function pair(
  factors: readonly Factor[],
  first: string,
  second: string,
  build: (a: Factor, b: Factor, argument: Expr) => readonly Factor[] | undefined,
): readonly Factor[] | undefined {
  for (const a of factors) {
    if (a.base.op.name !== first || !isInteger(a.exponent)) continue;
    const [argument] = a.base.args;
    const b = factors.find(({ base }) => base.op.name === second && base.args[0] === argument);
    if (b === undefined || argument === undefined || !isInteger(b.exponent)) continue;
    const added = build(a, b, argument);
    if (added !== undefined) return [...factors, ...added];
  }
  return undefined;
}

/** Rewrites of sums, in their order. */
export const sumRules: readonly SumRule[] = [
  {
    // c a² + s a² with c = cos²(u), s = sin²(u): cos² + sin² = 1
    name: "sine and cosine",
    rewrite: (terms) => mergePairs(terms, "sin", false, (call, u) => ratio(call, cos(u))),
  },
  {
    // 1 + tan²(u) = 1 / cos²(u)
    name: "tangent",
    rewrite: (terms) =>
      mergePairs(terms, "tan", false, (call, u) => ({
        from: [{ base: call, exponent: TWO }],
        to: [{ base: cos(u), exponent: MINUS_TWO }],
      })),
  },
  {
    // cosh²(u) − sinh²(u) = 1
    name: "hyperbolic sine and cosine",
    rewrite: (terms) =>
      mergePairs(terms, "sinh", true, (call, u) => {
        const cosh = partner(terms, "cosh", u);
        return cosh && ratio(call, cosh);
      }),
  },
];

/** Of two terms t and t · from, with like coefficients (or opposite ones), the sum is t · to. */
interface Merge {
  readonly from: readonly Factor[];
  readonly to: readonly Factor[];
}

/** t = a c², t s²/c² = a s²: their sum a is t / c². */
function ratio(s: Expr, c: Expr): Merge {
  const below = { base: c, exponent: MINUS_TWO };
  return { from: [{ base: s, exponent: TWO }, below], to: [below] };
}

function partner(terms: Polynomial, name: string, argument: Expr): Expr | undefined {
  for (const { factors } of terms) {
    for (const { base } of factors) {
      if (base.op.name === name && base.args[0] === argument) return base;
    }
  }
  return undefined;
}

/** Sums of more terms are not searched for pairs: the work of a node is bounded. */
const MOST_TERMS = 64;

function mergePairs(
  terms: Polynomial,
  name: string,
  opposite: boolean,
  mergeOf: (call: Expr, argument: Expr) => Merge | undefined,
): Polynomial | undefined {
  if (terms.length > MOST_TERMS) return undefined;
  const calls = new Set<Expr>();
  for (const { factors } of terms) {
    for (const { base } of factors) if (base.op.name === name) calls.add(base);
  }
  for (const call of calls) {
    const merge = mergeOf(call, call.args[0] as Expr);
    if (merge === undefined) continue;
    for (const one of terms) {
      const { key } = term(ONE, mergedFactors([...one.factors, ...merge.from]));
      const other = terms.find((candidate) => candidate.key === key);
      if (other === undefined || other === one) continue;
      const expected = opposite ? negate(one.coefficient) : one.coefficient;
      if (!isEqual(other.coefficient, expected)) continue;
      const sum = term(one.coefficient, mergedFactors([...one.factors, ...merge.to]));
      return addTerm(
        terms.filter((candidate) => candidate !== one && candidate !== other),
        sum,
      );
    }
  }
  return undefined;
}

function addTerm(terms: Polynomial, added: Term): Polynomial {
  const like = terms.find(({ key }) => key === added.key);
  if (like === undefined) return [...terms, added];
  const coefficient = plus(like.coefficient, added.coefficient);
  const others = terms.filter((one) => one !== like);
  return coefficient.numerator === 0n ? others : [...others, { ...added, coefficient }];
}
