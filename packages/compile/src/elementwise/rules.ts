import type { Attributes } from "@chainrule/core";
import {
  abs,
  add,
  ceil,
  clip,
  div,
  equal,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  mask,
  max,
  min,
  mul,
  neg,
  notEqual,
  type Op,
  reciprocal,
  relu,
  round,
  sign,
  sqrt,
  square,
  step,
  sub,
  where,
} from "@chainrule/core";
import { stopGradient } from "@chainrule/core/control";
import type { Arithmetic, Mask, Operation, Real } from "../math/index.ts";

/** Ops that are one instruction on their arguments. */
export const instructions: ReadonlyMap<Op, Operation> = new Map<Op, Operation>([
  [add.op, "add"],
  [sub.op, "sub"],
  [mul.op, "mul"],
  [div.op, "div"],
  [max.op, "max"],
  [min.op, "min"],
  [neg.op, "neg"],
  [abs.op, "abs"],
  [sqrt.op, "sqrt"],
  [floor.op, "floor"],
  [ceil.op, "ceil"],
]);

/** The value from the arguments, whose code may stand more than once. */
export type Rule = (lane: Arithmetic, args: readonly Real[], attributes: Attributes) => Real;

function unary(rule: (lane: Arithmetic, x: Real, attributes: Attributes) => Real): Rule {
  return (lane, args, attributes) => rule(lane, args[0] as Real, attributes);
}

function binary(rule: (lane: Arithmetic, a: Real, b: Real) => Real): Rule {
  return (lane, args) => rule(lane, args[0] as Real, args[1] as Real);
}

/** A truth value, 0 or 1 as a number. */
function truth(rule: (lane: Arithmetic, a: Real, b: Real) => Mask): Rule {
  return binary((lane, a, b) => lane.number(rule(lane, a, b)));
}

/** Whether a number counts as true: not 0, and NaN does. */
function holds(lane: Arithmetic, x: Real): Mask {
  return lane.ne(x, lane.constant(0));
}

/** Halves away from 0, by the integer below, which is exact. */
function rounded(lane: Arithmetic, x: Real): Real {
  const zero = lane.constant(0);
  const one = lane.constant(1);
  const size = lane.keep(lane.abs(x));
  const below = lane.keep(lane.floor(size));
  const up = lane.ge(lane.sub(size, below), lane.constant(0.5));
  const whole = lane.keep(lane.add(below, lane.only(up, one)));
  const signed = lane.select(lane.lt(x, zero), lane.neg(whole), whole);
  return lane.select(lane.eq(x, zero), x, signed);
}

/**
 * Ops of some instructions. Each result is exact or an operation rounded once, so that it is that of
 * the interpreter in single precision too.
 */
export const rules: ReadonlyMap<Op, Rule> = new Map<Op, Rule>([
  [square.op, unary((lane, x) => lane.mul(x, x))],
  [reciprocal.op, unary((lane, x) => lane.div(lane.constant(1), x))],
  [equal.op, truth((lane, a, b) => lane.eq(a, b))],
  [notEqual.op, truth((lane, a, b) => lane.ne(a, b))],
  [less.op, truth((lane, a, b) => lane.lt(a, b))],
  [lessEqual.op, truth((lane, a, b) => lane.le(a, b))],
  [greater.op, truth((lane, a, b) => lane.gt(a, b))],
  [greaterEqual.op, truth((lane, a, b) => lane.ge(a, b))],
  [logicalAnd.op, truth((lane, a, b) => lane.both(holds(lane, a), holds(lane, b)))],
  [logicalOr.op, truth((lane, a, b) => lane.either(holds(lane, a), holds(lane, b)))],
  [logicalXor.op, truth((lane, a, b) => lane.differ(holds(lane, a), holds(lane, b)))],
  [logicalNot.op, unary((lane, x) => lane.number(lane.eq(x, lane.constant(0))))],
  [
    where.op,
    (lane, [condition, x, y]) => lane.select(holds(lane, condition as Real), x as Real, y as Real),
  ],
  [mask.op, binary((lane, condition, x) => lane.only(holds(lane, condition), x))],
  [
    sign.op,
    unary((lane, x) => {
      const zero = lane.constant(0);
      const below = lane.select(lane.lt(x, zero), lane.constant(-1), x);
      return lane.select(lane.gt(x, zero), lane.constant(1), below);
    }),
  ],
  [round.op, unary(rounded)],
  [
    step.op,
    unary((lane, x, { atZero }) => {
      const zero = lane.constant(0);
      const still = lane.select(lane.eq(x, zero), lane.constant((atZero ?? 1) as number), x);
      const left = lane.select(lane.lt(x, zero), zero, still);
      return lane.select(lane.gt(x, zero), lane.constant(1), left);
    }),
  ],
  [relu.op, unary((lane, x) => lane.max(x, lane.constant(0)))],
  [clip.op, (lane, [x, low, high]) => lane.min(lane.max(x as Real, low as Real), high as Real)],
  [stopGradient.op, unary((_lane, x) => x)],
]);
