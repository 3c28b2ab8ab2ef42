import {
  type Attributes,
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cast,
  cbrt,
  ceil,
  clip,
  cos,
  cosh,
  div,
  equal,
  erf,
  erfc,
  exp,
  expm1,
  floor,
  greater,
  greaterEqual,
  hypot,
  less,
  lessEqual,
  log,
  log1p,
  log2,
  log10,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  logSigmoid,
  mask,
  max,
  min,
  mod,
  mul,
  neg,
  notEqual,
  type Op,
  pow,
  reciprocal,
  relu,
  round,
  sigmoid,
  sign,
  sin,
  sinh,
  softplus,
  sqrt,
  square,
  step,
  sub,
  tan,
  tanh,
  where,
} from "@chainrule/core";
import { stopGradient } from "@chainrule/core/control";
import type { Helper } from "./helpers.ts";

/** What an expression may call: gives the name of the function in this file. */
export type Use = (helper: Helper) => string;

/** The C expression of a double from expressions of the arguments, which may stand more than once. */
export type Expression = (args: readonly string[], use: Use, attributes: Attributes) => string;

/** `a + b` */
function infix(sign: string): Expression {
  return ([a, b]) => `${a} ${sign} ${b}`;
}

/** A truth value as a double. */
function truth(sign: string): Expression {
  return ([a, b]) => `(double)(${a} ${sign} ${b})`;
}

/** A function of math.h. */
function call(name: string): Expression {
  return (args) => `${name}(${args.join(", ")})`;
}

function helper(name: Helper): Expression {
  return (args, use) => `${use(name)}(${args.join(", ")})`;
}

/** Ops as expressions of C. */
export const expressions: ReadonlyMap<Op, Expression> = new Map<Op, Expression>([
  [add.op, infix("+")],
  [sub.op, infix("-")],
  [mul.op, infix("*")],
  [div.op, infix("/")],
  [neg.op, ([x]) => `-(${x})`],
  [square.op, ([x]) => `${x} * ${x}`],
  [reciprocal.op, ([x]) => `1.0 / ${x}`],
  [equal.op, truth("==")],
  [notEqual.op, truth("!=")],
  [less.op, truth("<")],
  [lessEqual.op, truth("<=")],
  [greater.op, truth(">")],
  [greaterEqual.op, truth(">=")],
  [logicalAnd.op, ([a, b]) => `(double)(${a} != 0 && ${b} != 0)`],
  [logicalOr.op, ([a, b]) => `(double)(${a} != 0 || ${b} != 0)`],
  [logicalXor.op, ([a, b]) => `(double)((${a} != 0) != (${b} != 0))`],
  [logicalNot.op, ([x]) => `(double)(${x} == 0)`],
  [where.op, ([condition, x, y]) => `${condition} != 0 ? ${x} : ${y}`],
  [mask.op, ([condition, x]) => `${condition} != 0 ? ${x} : 0.0`],
  [cast.op, ([x]) => `${x}`],
  [stopGradient.op, ([x]) => `${x}`],
  [max.op, helper("max")],
  [min.op, helper("min")],
  [clip.op, ([x, low, high], use) => `${use("min")}(${use("max")}(${x}, ${low}), ${high})`],
  [relu.op, ([x], use) => `${use("max")}(${x}, 0.0)`],
  [sign.op, helper("sign")],
  [step.op, ([x], use, { atZero }) => `${use("step")}(${x}, ${literal((atZero ?? 1) as number)})`],
  [mod.op, helper("mod")],
  [pow.op, helper("pow")],
  [sigmoid.op, helper("sigmoid")],
  [softplus.op, helper("softplus")],
  [logSigmoid.op, ([x], use) => `-${use("softplus")}(-(${x}))`],
  ...(
    [
      [abs, "fabs"],
      [round, "round"],
      ...[acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, ceil, cos, cosh, erf, erfc, exp],
      ...[expm1, floor, hypot, log, log1p, log2, log10, sin, sinh, sqrt, tan, tanh],
    ] as const
  ).map((entry): [Op, Expression] => {
    if ("op" in entry) return [entry.op, call(entry.op.name)];
    return [entry[0].op, call(entry[1])];
  }),
]);

/** A number as a double literal that reads back to the same bits. */
export function literal(value: number): string {
  if (Number.isNaN(value)) return "NAN";
  if (!Number.isFinite(value)) return value > 0 ? "INFINITY" : "-INFINITY";
  if (Object.is(value, -0)) return "-0.0";
  const text = `${value}`;
  return /[.e]/.test(text) ? text : `${text}.0`;
}
