import type { Expr } from "../expr.ts";
import { pow } from "../ops/arithmetic.ts";
import { literalValue } from "../ops/leaf.ts";
import { written } from "./display.ts";
import type { Known } from "./known.ts";
import {
  asNumber,
  type Factor,
  merged,
  mergedFactors,
  type Polynomial,
  type Term,
  term,
} from "./polynomial.ts";
import { isInteger, isValue, ONE, power, type Rational, times } from "./rational.ts";
import { productRules } from "./termRules.ts";

/** Each round of `product` replaces a factor by simpler ones; this only guards against a faulty rule. */
const MOST_ROUNDS = 64;

/** `coefficient · Π factors` in normal form: each base once, by the rules of products. */
export function product(known: Known, coefficient: Rational, factors: Iterable<Factor>): Term {
  let number = coefficient;
  let list = mergedFactors(factors);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const spliced = spliceProduct(known, list);
    if (spliced !== undefined) {
      number = times(number, spliced.coefficient);
      list = mergedFactors(spliced.factors);
      continue;
    }
    const next = joinPowers(known, list) ?? firstRule(known, list);
    if (next === undefined) break;
    list = mergedFactors(next);
  }
  return term(number, list);
}

function firstRule(known: Known, list: readonly Factor[]): readonly Factor[] | undefined {
  for (const { rewrite } of productRules) {
    const next = rewrite(list, known);
    if (next !== undefined) return next;
  }
  return undefined;
}

/** `(a b)ⁿ = aⁿ bⁿ` once the exponent is whole: `√(2x)² = 2x`. */
function spliceProduct(known: Known, list: readonly Factor[]): Term | undefined {
  if (known.products.size === 0) return undefined;
  for (let i = 0; i < list.length; i++) {
    const { base, exponent } = list[i] as Factor;
    const inner = known.products.get(base);
    if (inner === undefined || (!isInteger(exponent) && inner.factors.length > 0)) continue;
    const coefficient = power(inner.coefficient, exponent);
    if (coefficient === undefined) continue;
    const raised = inner.factors.map((factor) => ({
      base: factor.base,
      exponent: times(factor.exponent, exponent),
    }));
    return term(coefficient, [...list.slice(0, i), ...list.slice(i + 1), ...raised]);
  }
  return undefined;
}

/** `xˢ · xᵗ = xˢ⁺ᵗ`, `(xˢ)ⁿ = xⁿˢ` for whole n. */
function joinPowers(known: Known, list: readonly Factor[]): readonly Factor[] | undefined {
  if (known.powers.size === 0) return undefined;
  const groups = new Map<Expr, Factor[]>();
  for (const factor of list) {
    const base = known.powers.get(factor.base)?.base;
    if (base === undefined || !isInteger(factor.exponent)) continue;
    const group = groups.get(base);
    if (group === undefined) groups.set(base, [factor]);
    else group.push(factor);
  }
  for (const [base, group] of groups) {
    const [first] = group as [Factor];
    if (group.length === 1 && isValue(first.exponent, 1)) continue;
    if (group.length === 1 && isValue(first.exponent, -1)) continue;
    const exponent = merged(
      group.flatMap((factor) =>
        (known.powers.get(factor.base)?.exponent ?? []).map((one) => ({
          ...one,
          coefficient: times(one.coefficient, factor.exponent),
        })),
      ),
    );
    const others = list.filter((factor) => !group.includes(factor));
    return [...others, ...symbolicPower(known, base, exponent)];
  }
  return undefined;
}

/** `base ^ exponent` with the number in the exponent apart: `xⁿ⁻¹ = xⁿ · x⁻¹`. */
export function symbolicPower(known: Known, base: Expr, exponent: Polynomial): readonly Factor[] {
  const numeric = literalValue(base) !== undefined;
  const number = numeric ? undefined : exponent.find(({ factors }) => factors.length === 0);
  const symbolic = exponent.filter((one) => one !== number);
  const out: Factor[] = number === undefined ? [] : [{ base, exponent: number.coefficient }];
  if (symbolic.length === 0) return out;
  const value = asNumber(symbolic);
  if (value !== undefined) return [{ base, exponent: value }];
  const node = pow(base, written(known, symbolic));
  known.powers.set(node, { base, exponent: symbolic });
  return [...out, { base: node, exponent: ONE }];
}
