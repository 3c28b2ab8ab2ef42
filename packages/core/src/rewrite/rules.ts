import type { Expr } from "../expr.ts";
import type { Op } from "../op.ts";
import { sigmoid } from "../ops/activation.ts";
import { add, div, neg, sqrt, square, sub } from "../ops/arithmetic.ts";
import { exp, log } from "../ops/exponential.ts";
import { constant, namedConstant } from "../ops/leaf.ts";
import { hypot } from "../ops/magnitude.ts";
import { mask, where } from "../ops/select.ts";
import { cos, sin } from "../ops/trigonometric.ts";
import { unguarded } from "./guards.ts";
import { matrixRules } from "./matrixRules.ts";
import { any, byOp, form, literal, type Rule, rule } from "./pattern.ts";

function one(x: Expr): Expr {
  return constant(1, x.dtype);
}

/** Rewrites of calls for reading, tried on the nodes as they were written, in this order. */
const callRules: readonly Rule[] = [
  // σ(−x) = 1 − σ(x)
  rule("opposite logistic", sigmoid.op, form(sigmoid.op, form(neg.op, any("x"))), (part) =>
    sub(one(part("x")), sigmoid(part("x"))),
  ),
  // cos(−x) = cos(x)
  rule("even cosine", cos.op, form(cos.op, form(neg.op, any("x"))), (part) => cos(part("x"))),
  // sin(−x) = −sin(x)
  rule("odd sine", sin.op, form(sin.op, form(neg.op, any("x"))), (part) => neg(sin(part("x")))),
  // mask(c, y) = y where y is 0 by itself, or undefined, as soon as c fails
  rule("redundant guard", mask.op, form(mask.op, any("c"), any("y")), (part) =>
    unguarded(part("c"), part("y")),
  ),
  // hypot(a, b) = √(a² + b²)
  rule("hypotenuse", hypot.op, form(hypot.op, any("a"), any("b")), (part) =>
    sqrt(add(square(part("a")), square(part("b")))),
  ),
  // ln(eˣ) = x
  rule("logarithm of exponential", log.op, form(log.op, form(exp.op, any("x"))), (part) =>
    part("x"),
  ),
  // e^(ln x) = x
  rule("exponential of logarithm", exp.op, form(exp.op, form(log.op, any("x"))), (part) =>
    part("x"),
  ),
  // ln(1) = 0
  rule("logarithm of 1", log.op, form(log.op, literal(1)), (_part, node) =>
    constant(0, node.dtype),
  ),
  // ln(e) = 1
  rule("logarithm of e", log.op, form(log.op, any("x")), (part, node) =>
    part("x") === namedConstant("e") ? one(node) : undefined,
  ),
  // e⁰ = 1
  rule("exponential of 0", exp.op, form(exp.op, literal(0)), (_part, node) => one(node)),
  // where(c, x, x) = x
  rule("either branch", where.op, form(where.op, any("c"), any("x"), any("x")), (part) =>
    part("x"),
  ),
];

/** The rewrites of calls by their operation. */
export const rulesOfCalls: ReadonlyMap<Op, readonly Rule[]> = /* @__PURE__ */ byOp([
  ...callRules,
  ...matrixRules,
]);

/** The expression whose value a number is, where it is the value of a known one: ln 10, 2/√π. */
export function symbolOf(value: number): Expr | undefined {
  switch (value) {
    case Math.PI:
      return namedConstant("pi");
    case Math.E:
      return namedConstant("e");
    case Math.LN2:
      return log(constant(2));
    case Math.LN10:
      return log(constant(10));
    case TWO_BY_ROOT_PI:
      return div(2, sqrt(namedConstant("pi")));
    case Math.SQRT2:
      return sqrt(constant(2));
    case Math.SQRT1_2:
      return div(1, sqrt(constant(2)));
    default:
      return undefined;
  }
}

/** 2/√π, correctly rounded. */
const TWO_BY_ROOT_PI = 1.1283791670955126;
