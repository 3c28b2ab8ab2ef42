import {
  constant,
  div,
  type Expr,
  evaluate,
  isInput,
  leavesOf,
  mul,
  neg,
  type Program,
  pow,
  square,
  toText,
} from "@chainrule/core";
import { equivalent, simplify } from "@chainrule/core/rewrite";
import type { NamedMistake } from "./checkAnswer.ts";

/** Longer products are not compared: each factor is, with each other. */
const MOST_FACTORS = 12;

/** Powers up to this are so many factors. */
const MOST_POWER = 8;

/** A factor of a product, or what it is divided by. */
interface Factor {
  readonly of: Expr;
  readonly below: boolean;
}

/**
 * The one factor by which an answer written as a product differs from the derivative: another in its place, one too
 * many or one too few. Nothing where they differ in more.
 */
export function faultyFactor(
  program: Program,
  expected: Expr,
  answer: Expr,
): readonly NamedMistake[] {
  if (expected.shape.length > 0 || answer.shape.length > 0) return [];
  const [right, given] = [productOf(expected), productOf(answer)];
  if (right === undefined || given === undefined) return [];
  const left = [...right];
  const other = given.filter((factor) => {
    const at = left.findIndex((one) => one.below === factor.below && isSame(one.of, factor.of));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const [missing, ...moreMissing] = left;
  const [wrong, ...moreWrong] = other;
  if (moreMissing.length > 0 || moreWrong.length > 0) return [];
  if (missing === undefined && wrong === undefined) return [];
  const rest = wrong === undefined ? answer : div(answer, asExpr(wrong));
  const should = [1, -1]
    .map((sign) => mul(sign, missing === undefined ? 1 : asExpr(missing)))
    .find((one) => equivalent(mul(rest, one), expected).equivalent);
  if (should === undefined) return [];
  const show = (expr: Expr): string =>
    program.nameOf(expr) ?? toText(expr, { names: program.names, style: "reading" });
  const be = show(simplify(should));
  if (wrong === undefined)
    return [{ name: "lost factor", sentence: `The factor ${be} is missing.` }];
  const is = show(asExpr(wrong));
  if (missing !== undefined) {
    return [{ name: "wrong factor", sentence: `The factor ${is} must be ${be}.` }];
  }
  const instead = be === "1" ? "" : `, and the sign must change`;
  return [{ name: "factor too many", sentence: `The factor ${is} must not be there${instead}.` }];
}

function asExpr({ of, below }: Factor): Expr {
  return below ? div(1, of) : of;
}

/** Up to the sign, which stands in front. */
function isSame(a: Expr, b: Expr): boolean {
  return a === b || equivalent(a, b).equivalent || equivalent(a, neg(b)).equivalent;
}

/** The factors of an expression but for numbers, found without recursion; nothing where one is not finite or 0. */
function productOf(expr: Expr): readonly Factor[] | undefined {
  const factors: Factor[] = [];
  const stack: Factor[] = [{ of: expr, below: false }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { of, below } = next;
    const [a, b] = of.args;
    if (!leavesOf([of]).some(isInput)) {
      const value = evaluate(of);
      if (typeof value !== "number" || value === 0 || !Number.isFinite(value)) return undefined;
    } else if (of.op === mul.op && a !== undefined && b !== undefined) {
      stack.push({ of: b, below }, { of: a, below });
    } else if (of.op === div.op && a !== undefined && b !== undefined) {
      stack.push({ of: b, below: !below }, { of: a, below });
    } else if (of.op === neg.op && a !== undefined) {
      stack.push({ of: constant(-1), below }, { of: a, below });
    } else {
      const times = wholePower(of);
      const base = times === 1 ? undefined : a;
      if (base === undefined) factors.push(next);
      else for (let i = 0; i < times; i++) stack.push({ of: base, below });
    }
    if (factors.length + stack.length > MOST_FACTORS) return undefined;
  }
  return factors;
}

/** n of `xⁿ`, 1 of all that is no small whole power. */
function wholePower({ op, args }: Expr): number {
  if (op === square.op) return 2;
  const [, exponent] = args;
  if (op !== pow.op || exponent === undefined || leavesOf([exponent]).some(isInput)) return 1;
  const value = evaluate(exponent);
  return typeof value === "number" && Number.isInteger(value) && value > 1 && value <= MOST_POWER
    ? value
    : 1;
}
